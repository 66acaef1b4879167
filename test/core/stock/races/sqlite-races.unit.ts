import { openStock } from '../stock-fixture.ts';
import { describeRaces } from './describe-races.ts';

describeRaces('SQLite', async () => {
  const { store, close } = await openStock();
  return {
    first: store,
    second: store,
    // One process owns the file: what comes in between waits for the next transaction.
    async overOrBlocked() {},
    dispose: close,
  };
});
