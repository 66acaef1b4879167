import assert from 'node:assert/strict';
import {
  type ConfigMigration,
  migrateConfig,
  type SavedConfig,
} from '../../../nodes/shared/config-migration.ts';

const migrations: ConfigMigration[] = [
  { version: 2, up: ({ minutes, ...rest }) => ({ ...rest, seconds: Number(minutes) * 60 }) },
  {
    version: 3,
    up: (config) => ({ ...config, unit: 'second', steps: [...((config.steps as string[]) ?? []), 'c'] }),
  },
];

describe('bringing saved settings up to date', () => {
  it('takes the steps one after the other, from the version the settings have', () => {
    assert.deepEqual(migrateConfig({ id: 'n', minutes: '5', version: 1 }, 3, migrations), {
      id: 'n',
      seconds: 300,
      unit: 'second',
      steps: ['c'],
      version: 3,
    });
    assert.deepEqual(migrateConfig({ seconds: 7, version: 2 }, 3, migrations), {
      seconds: 7,
      unit: 'second',
      steps: ['c'],
      version: 3,
    });
  });

  it('takes settings without a version for those of the first', () => {
    assert.equal(migrateConfig({ minutes: 1 }, 2, migrations).seconds, 60);
  });

  it('does not step past the version wanted', () => {
    assert.deepEqual(migrateConfig({ minutes: 1 }, 2, migrations), { seconds: 60, version: 2 });
  });

  it('answers settings that are up to date unchanged', () => {
    const saved = { seconds: 1, unit: 'second', version: 3 };
    assert.deepEqual(migrateConfig(saved, 3, migrations), saved);
  });

  it('leaves settings of a newer version as they are', () => {
    const newer = { seconds: 1, later: true, version: 9 };
    assert.deepEqual(migrateConfig(newer, 3, migrations), newer);
  });

  it('does not change what Node-RED saved', () => {
    const saved: SavedConfig = Object.freeze({ minutes: 2, steps: Object.freeze(['a', 'b']), version: 1 });
    const migrated = migrateConfig(saved, 3, migrations);
    assert.deepEqual(saved, { minutes: 2, steps: ['a', 'b'], version: 1 });
    assert.deepEqual(migrated.steps, ['a', 'b', 'c']);
  });

  it('gives settings of the first version their version when there is nothing to do', () => {
    assert.deepEqual(migrateConfig({ name: 'x' }, 1, []), { name: 'x', version: 1 });
  });
});
