import { editorLanguage } from './language.ts';

/** What the admin API answers instead, when it could not do what was asked. */
export class AdminApiFailure extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Reads from the hub's admin API, below `order-hub/v1/`, in the viewer's language. Node-RED adds the login.
 *
 * @throws AdminApiFailure with the answer's status, code and sentence
 */
export async function readFromHub<Answer>(path: string): Promise<Answer> {
  const url = `order-hub/v1/${path}${path.includes('?') ? '&' : '?'}lang=${editorLanguage()}`;
  return new Promise((resolve, reject) => {
    $.ajax({ url, dataType: 'json' }).then(
      (answer: Answer) => resolve(answer),
      (failed: JQuery.jqXHR) => {
        const answer = failed.responseJSON as { code?: string; sentence?: string } | undefined;
        reject(
          new AdminApiFailure(failed.status, answer?.code ?? '', answer?.sentence ?? failed.statusText ?? ''),
        );
      },
    );
  });
}
