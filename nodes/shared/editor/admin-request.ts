import type { EditorRED } from 'node-red';

declare const RED: EditorRED;

/** A failed call of the admin API, with the sentence to show. */
export class RequestFailure extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Calls the hub's admin API as the editor's user and answers its JSON.
 *
 * @param path below `order-hub/v1/`
 * @throws RequestFailure with the API's sentence, or one about missing rights or an unreachable runtime
 */
export function adminRequest<Answer>(
  path: string,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // jQuery, because the editor's login is attached to its requests.
    $.ajax({
      url: `order-hub/v1/${path}`,
      method,
      dataType: 'json',
      headers: { 'Accept-Language': RED.i18n.lang() },
      ...(body !== undefined && {
        data: JSON.stringify(body),
        contentType: 'application/json; charset=utf-8',
      }),
    }).then(
      (answer: Answer) => resolve(answer),
      (xhr: JQuery.jqXHR) => {
        const told = xhr.responseJSON as { code?: string; sentence?: string } | undefined;
        const fallback = xhr.status === 401 ? 'no-right' : 'request';
        const text = RED._(`@order-hub/node-red-order-hub/hub-store:hub.error.${fallback}`, {
          reason: xhr.statusText || String(xhr.status),
          permission: path.split(/[/?]/)[0],
        } as never);
        reject(new RequestFailure(xhr.status, told?.code ?? fallback, told?.sentence ?? text));
      },
    );
  });
}
