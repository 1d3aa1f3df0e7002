const locale = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
const longMonth = locale({ month: "long" });
const shortMonth = locale({ month: "short" });
const longDay = locale({ weekday: "long" });
const shortDay = locale({ weekday: "short" });
const pad = (value: number) => String(value).padStart(2, "0");

/** Directives chat templates use; the time of day is midnight. */
const directives: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => pad(date.getUTCFullYear() % 100),
  m: (date) => pad(date.getUTCMonth() + 1),
  d: (date) => pad(date.getUTCDate()),
  "-d": (date) => String(date.getUTCDate()),
  B: (date) => longMonth.format(date),
  b: (date) => shortMonth.format(date),
  A: (date) => longDay.format(date),
  a: (date) => shortDay.format(date),
  H: () => "00",
  M: () => "00",
  S: () => "00",
  "%": () => "%",
};

/** `strftime` for a given day (ISO `2026-01-31`), in English, UTC. Throws on a directive it does not know. */
export function strftime(day: string, format: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return format.replace(/%(-?.)/gs, (whole, name: string) => {
    const directive = directives[name];
    if (directive === undefined) throw new Error(`strftime_now: the directive ${whole} is not known`);
    return directive(date);
  });
}
