import { prepareDataFolder } from './start/data-folder.ts';
import { addressesText, startFailure, textOf } from './start/messages.ts';
import { startNodeRed } from './start/node-red.ts';
import { missingParts } from './start/parts.ts';
import { readPlace } from './start/place.ts';

/*
 * Runs the hub of order-hub.json in a Node-RED of its own: `npm start`.
 *
 * PORT           where it listens, 1880 unless set; 0 takes any free port
 * HOST           on which address, 127.0.0.1 unless set
 * ORDER_HUB_DIR  folder with everything it keeps, ./data unless set
 * ORDER_HUB_SHOPS  `off` lets nothing happen in the simulated shops; they still answer
 */

/** A start in order is over in this time, and so is a stop; what is not done by then is cut off. */
const stopLimitMs = 4_500;

try {
  const missing = await missingParts();
  if (missing) throw missing;
  const place = readPlace(process.env);
  const folder = await prepareDataFolder(place.dir);
  const running = await startNodeRed(place, folder);
  stopOnSignal(running.stop);
  process.stdout.write(`\n${addressesText(running.addresses, place)}\n\n`);
  if (running.trouble) process.stderr.write(`${startFailure(running.trouble)}\n\n`);
} catch (error) {
  process.stderr.write(`\n${startFailure(error)}\n\n`);
  process.exit(1);
}

/** The first signal stops in order; a second one, or a stop that hangs, ends the process at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => {
      process.stderr.write(`${textOf('start.stop-slow', { seconds: stopLimitMs / 1_000 })}\n`);
      process.exit(1);
    }, stopLimitMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${startFailure(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}
