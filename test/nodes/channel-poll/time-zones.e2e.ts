import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ZoneAnswer, ZoneTask } from './time-zone-process.ts';

const program = fileURLToPath(new URL('./time-zone-process.ts', import.meta.url));

/** Reads shops over a weekend in a process whose own zone is the one given. */
function readIn(serverZone: string, task: ZoneTask): Promise<ZoneAnswer> {
  const child = fork(program, [JSON.stringify(task)], {
    env: { ...process.env, TZ: serverZone },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as ZoneAnswer));
    child.once('exit', (code) => reject(new Error(`The reader in ${serverZone} ended with ${code}`)));
  });
}

const zones = ['UTC', 'Asia/Shanghai', 'America/New_York'];

describe('reading over a weekend', function () {
  this.timeout(120_000);

  for (const [what, begin, day, hours] of [
    ['clocks go forward in New York', '2026-03-07T12:00:00Z', '2026-03-08', 23],
    ['clocks go back in New York', '2026-10-31T12:00:00Z', '2026-11-01', 25],
  ] as const)
    for (const clockAheadMinutes of [0, 10, -10])
      it(`on which ${what}, with a platform's clock ${clockAheadMinutes} minutes ahead, is the same in every zone of the server`, async () => {
        const task: ZoneTask = { begin: Date.parse(begin), clockAheadMinutes };
        const [utc, ...others] = await Promise.all(zones.map((zone) => readIn(zone, task)));
        for (const { platform, orders, passedOver, faults, status, note, days } of utc!.reads) {
          assert.deepEqual([faults, passedOver], [0, []], `${platform}: orders were passed over`);
          assert.ok(orders > 20, `${platform}: there were orders`);
          const isOff = clockAheadMinutes !== 0;
          assert.deepEqual(
            [note, status],
            isOff ? ['polling.clock-off', 'channel-poll.status.clock-off'] : [null, String(orders)],
          );
          const whole = days.find((one) => one.startsWith(day));
          const long = platform === 'woocommerce' ? hours : 24;
          assert.match(whole ?? days.join(', '), new RegExp(`^${day} ${long} h (\\d+) of \\1$`), platform);
        }
        assert.deepEqual(
          [utc!, ...others].map(({ serverZone }) => serverZone),
          zones,
        );
        for (const { serverZone, reads } of others)
          assert.deepEqual(reads, utc!.reads, `a server in ${serverZone} read something else`);
      });
});
