/**
 * How long an endpoint asks to wait, in milliseconds, or null where it does not say: `retry-after-ms`, or `retry-after` in
 * seconds or as an HTTP date (RFC 9110, 10.2.3).
 */
export function retryAfterMs(headers: Headers, now = Date.now()): number | null {
  const ms = positive(headers.get("retry-after-ms"));
  if (ms !== null) return ms;
  const text = headers.get("retry-after");
  const seconds = positive(text);
  if (seconds !== null) return seconds * 1000;
  const date = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * When a used-up quota is whole again, in milliseconds: `x-ratelimit-reset-…` of what `x-ratelimit-remaining-…` says is at 0.
 * An upper bound, since quotas fill up bit by bit. null where nothing is said.
 */
export function quotaResetMs(headers: Headers): number | null {
  const resets = ["requests", "tokens"].flatMap((what) => {
    const left = positive(headers.get(`x-ratelimit-remaining-${what}`));
    const reset = durationMs(headers.get(`x-ratelimit-reset-${what}`));
    return left === 0 && reset !== null ? [reset] : [];
  });
  return resets.length === 0 ? null : Math.max(...resets);
}

/** `1s`, `6m0s`, `120ms`, `1h2m3.5s`. */
export function durationMs(text: string | null): number | null {
  const parts = text === null ? [] : [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/gy)];
  if (text === null || parts.length === 0 || parts.map(([part]) => part).join("") !== text) return null;
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0), 0);
}

function positive(text: string | null): number | null {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}
