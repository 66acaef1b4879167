/** What Node-RED saved for a node: its own fields beside `id`, `type`, `z`, wires and the rest. */
export type SavedConfig = Record<string, unknown>;

/** One step of a node's saved settings to `version`. Pure: it answers new settings and touches nothing. */
export interface ConfigMigration {
  version: number;
  up(config: Readonly<SavedConfig>): SavedConfig;
}

/**
 * Brings saved settings up to a node's version. Settings without a `version` are the first version's; those of
 * a newer version come back as they are, since the node may still understand them.
 */
export function migrateConfig(
  saved: Readonly<SavedConfig>,
  version: number,
  migrations: readonly ConfigMigration[],
): SavedConfig {
  let config: SavedConfig = { ...saved };
  const found = typeof saved.version === 'number' ? saved.version : 1;
  for (const migration of migrations) {
    if (migration.version <= found || migration.version > version) continue;
    config = { ...migration.up(config), version: migration.version };
  }
  return { ...config, version: Math.max(found, version) };
}
