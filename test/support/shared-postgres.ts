import { startSharedPostgres, type TestPostgres } from './postgres.ts';

let server: TestPostgres | undefined;

/** Called by mocha once before all files, in the process that starts its workers. */
export async function mochaGlobalSetup(): Promise<void> {
  server = await startSharedPostgres();
}

/** Called by mocha once after all files. */
export async function mochaGlobalTeardown(): Promise<void> {
  await server?.stop();
}
