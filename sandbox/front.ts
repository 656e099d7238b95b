import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";

/** The answer while the desk is still starting, or after it stopped. */
const notYet = "The desk is not answering yet. It may still be starting: try again in a few seconds.\n";

/** What a reverse proxy does in production: https outside, the desk's plain http behind it, bodies streamed. */
export function reverseProxy(deskUrl: string) {
  const agent = new Agent({ keepAlive: true });
  const target = new URL(deskUrl);

  return {
    forward(incoming: IncomingMessage, outgoing: ServerResponse) {
      const passed = httpRequest(
        {
          agent,
          host: target.hostname,
          port: target.port,
          method: incoming.method,
          path: incoming.url,
          headers: {
            ...withoutHopByHop(incoming.headers),
            "x-forwarded-proto": "https",
            "x-forwarded-host": incoming.headers.host ?? "",
            "x-forwarded-for": incoming.socket.remoteAddress ?? "",
          },
        },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
          answer.pipe(outgoing);
          answer.on("error", () => outgoing.destroy());
        },
      );
      passed.on("error", () => {
        if (outgoing.headersSent) outgoing.destroy();
        else outgoing.writeHead(502, { "Content-Type": "text/plain; charset=utf-8", "Retry-After": "2" }).end(notYet);
      });
      outgoing.on("close", () => passed.destroy());
      incoming.pipe(passed);
    },
    close: () => agent.destroy(),
  };
}

/** These belong to one connection, not to the message (RFC 9110 7.6.1). */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const withoutHopByHop = (headers: IncomingMessage["headers"]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) || name === "transfer-encoding"));
