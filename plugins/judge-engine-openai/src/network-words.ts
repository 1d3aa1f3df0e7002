/** A fault of the connection in plain words. */
export interface NetworkWords {
  readonly words: string;
  readonly hint?: string;
  /** Whether another try may go better. */
  readonly passes: boolean;
}

const timeouts = new Set(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);
const cuts = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_ABORTED", "ECONNABORTED"]);
const routes = new Set(["ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EADDRNOTAVAIL"]);
/** Certificates: OpenSSL's codes as Node passes them on. */
const certificates = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH/;

/**
 * @param host as it is asked, with the port where it is unusual
 * @param plain asked by http
 */
export function networkWords(error: unknown, host: string, plain: boolean): NetworkWords {
  const { code, message } = rootOf(error);
  if (code === "ECONNREFUSED") {
    return {
      words: `${host} refuses the connection`,
      hint: "Is the server started, and does `baseURL` name its port?",
      passes: true,
    };
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return {
      words: `the name ${host} cannot be resolved (${code})`,
      hint: "Check `baseURL` and the network.",
      passes: true,
    };
  }
  // The SDK tells of a connection that was not made in time without its code.
  if (timeouts.has(code) || /timed? ?out/i.test(message)) {
    return { words: `${host} does not answer in time (${code === "" ? message : code})`, passes: true };
  }
  if (cuts.has(code)) {
    return {
      words: `${host} cut the connection (${message})`,
      ...(plain ? { hint: "A server that wants TLS does so: is it `baseURL: https://…`?" } : {}),
      passes: true,
    };
  }
  if (routes.has(code)) return { words: `there is no way to ${host} (${code})`, passes: true };
  if (certificates.test(code)) {
    return {
      words: `the certificate of ${host} is not trusted (TLS ${code}: ${message})`,
      hint: "A certificate authority of one's own is named by NODE_EXTRA_CA_CERTS in the environment.",
      passes: false,
    };
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) {
    const notTls = /wrong version number|packet length|http request/i.test(message);
    return {
      words: `no TLS connection to ${host} (${code}: ${message})`,
      ...(notTls ? { hint: "It may speak plain HTTP: `baseURL: http://…`." } : {}),
      passes: !notTls,
    };
  }
  if (message === "bad port") {
    return { words: `${host} cannot be asked: fetch does not open this port`, passes: false };
  }
  return { words: `${host} cannot be reached (${code === "" ? message : `${code}: ${message}`})`, passes: true };
}

/** The innermost cause with a code; fetch wraps what happened in "fetch failed" or "terminated". */
function rootOf(error: unknown): { code: string; message: string } {
  let found = { code: "", message: error instanceof Error ? error.message : String(error) };
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = "code" in each && typeof each.code === "string" ? each.code : "";
    // OpenSSL's messages are several lines with the place in its source.
    const message = /:([a-z0-9 ]+):[^:]*\.c:\d+/.exec(each.message)?.[1] ?? each.message;
    if (code !== "" || found.code === "") found = { code, message: message === "" ? code : message };
  }
  return found;
}
