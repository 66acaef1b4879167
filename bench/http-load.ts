import { Agent, request } from 'node:http';

export interface LoadResult {
  perSecond: number;
  /** Milliseconds from request to the whole answer. */
  p50: number;
  p99: number;
}

export interface Shot {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Posts every shot from `callers` kept-alive connections and fails on any answer but 200: a server that refuses
 * quickly must not look fast.
 */
export async function post(url: string, shots: readonly Shot[], callers = 64): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const times: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let shot = shots[next++]; shot; shot = shots[next++]) {
        const asked = performance.now();
        await fire(agent, url, shot);
        times.push(performance.now() - asked);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: shots.length / seconds, p50: at(0.5), p99: at(0.99) };
}

/**
 * Posts so many shots a second, each when it is due, whether or not those before are answered. Answers when each was due,
 * epoch milliseconds: what a server is late with counts, and so does what it could not take yet.
 */
export async function arrive(url: string, shots: readonly Shot[], perSecond: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const due: number[] = [];
  const answers: Promise<void>[] = [];
  const started = performance.now();
  for (const [index, shot] of shots.entries()) {
    const at = started + (index / perSecond) * 1_000;
    const early = at - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    due.push(performance.timeOrigin + at);
    answers.push(fire(agent, url, shot));
  }
  await Promise.all(answers);
  agent.destroy();
  return due;
}

function fire(agent: Agent, url: string, shot: Shot): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${shot.path}`,
      { method: 'POST', agent, headers: { ...shot.headers, 'content-length': String(shot.body.length) } },
      (answer) => {
        answer.resume();
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${shot.path} was answered ${answer.statusCode}`));
        });
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(shot.body);
  });
}
