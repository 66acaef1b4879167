import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeAPI } from 'node-red';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

interface ExpressApp {
  use(handler: Handler): void;
  parent?: ExpressApp;
  /** The router's layers: `_router` in express 4, `router` in express 5. */
  _router?: Router;
  router?: Router;
}
interface Router {
  stack?: { handle: unknown }[];
}

/**
 * Puts a handler before everything else of the web server Node-RED is mounted in. By default the admin API and
 * the http nodes share the root `/`, and the admin API's JSON parser sees every request first: it would eat the
 * bytes that a signature is over. Node-RED's own http-in node goes the same way to offer a raw body.
 *
 * @returns false when the server is not an express app whose layers can be ordered; requests then arrive by the
 *   ordinary route, and one whose body was eaten is answered with what to do
 */
export function putFirst(RED: NodeAPI, handler: Handler): boolean {
  const httpNode = RED.httpNode as unknown as ExpressApp | undefined;
  if (typeof httpNode !== 'function') return false;
  const root = rootOf(httpNode);
  root.use(handler);
  const stack = (root._router ?? root.router)?.stack;
  const index = stack?.findIndex((layer) => layer.handle === handler) ?? -1;
  if (!stack || index < 0) return false;
  stack.unshift(...stack.splice(index, 1));
  return true;
}

function rootOf(app: ExpressApp): ExpressApp {
  return app.parent ? rootOf(app.parent) : app;
}
