import { makeSqlitePlace } from './sqlite-place.ts';
import { describeStore } from './store-contract.ts';

describeStore('SQLite', makeSqlitePlace);
