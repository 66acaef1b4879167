import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HubError, reasonOf } from '../../core/errors.ts';
import './messages.ts';
import { checkout } from './place.ts';

/** Name of the flow file in the data folder; the credentials lie beside it as `order-hub_cred.json`. */
export const flowFile = 'order-hub.json';
const credentialsFile = 'order-hub_cred.json';
const secretsFile = 'secrets.json';
const packName = '@order-hub/node-red-order-hub';

/** What only this installation knows. Never in the flows, which name the environment variables instead. */
export interface Secrets {
  /** The key with which Node-RED encrypts the credentials that are entered in the editor. */
  credentialSecret: string;
  /** The keys and secrets of the simulated channels and of the mail box, by environment variable. */
  environment: Record<string, string>;
}

interface FlowNode {
  id: string;
  credentials?: Record<string, string>;
}

/**
 * Makes the data folder ready: secrets, the flow file with its credentials, and the pack where Node-RED looks for
 * it. What is there already stays as it is, so that a later start goes on with the user's own flow. The flow file
 * comes last: while it is missing, the folder counts as not yet made.
 *
 * @throws HubError start.folder-refused, start.secrets-unreadable
 */
export async function prepareDataFolder(dir: string): Promise<Secrets> {
  try {
    await mkdir(dir, { recursive: true });
    const secrets = await readOrMakeSecrets(join(dir, secretsFile));
    await writeOnce(join(dir, 'package.json'), () =>
      json({ name: 'order-hub-data', version: '0.0.1', private: true, dependencies: { [packName]: '*' } }),
    );
    await linkPack(join(dir, 'node_modules', packName));
    if (!(await exists(join(dir, flowFile)))) await copyFlows(dir);
    return secrets;
  } catch (error) {
    if (HubError.is(error)) throw error;
    throw new HubError('start.folder-refused', { dir, reason: reasonOf(error) }, { cause: error });
  }
}

async function readOrMakeSecrets(file: string): Promise<Secrets> {
  const made = newSecrets();
  await writeOnce(file, () => json(made));
  const kept = await readSecrets(file);
  const missing = Object.keys(made.environment).filter((name) => !(name in kept.environment));
  if (missing.length === 0) return kept;
  // A folder of an earlier version, which had other shops.
  const secrets = { ...kept, environment: { ...made.environment, ...kept.environment } };
  await writeWhole(file, json(secrets));
  return secrets;
}

function newSecrets(): Secrets {
  const key = (): string => randomBytes(32).toString('hex');
  // the form in which Standard Webhooks writes a shared secret
  const shared = (): string => `whsec_${randomBytes(32).toString('base64')}`;
  return {
    credentialSecret: randomBytes(32).toString('base64url'),
    environment: {
      ORDER_HUB_TAOBAO_KEY: key(),
      ORDER_HUB_TAOBAO_SECRET: key(),
      ORDER_HUB_TAOBAO_SESSION: key(),
      ORDER_HUB_SHOPIFY_TOKEN: key(),
      ORDER_HUB_SHOPIFY_SECRET: key(),
      ORDER_HUB_OWN_SHOP_TOKEN: key(),
      ORDER_HUB_TILL_TOKEN: key(),
      ORDER_HUB_TILL_SECRET: shared(),
      ORDER_HUB_MAILBOX_SECRET: shared(),
    },
  };
}

/** @throws HubError start.secrets-unreadable */
async function readSecrets(file: string): Promise<Secrets> {
  try {
    const secrets = JSON.parse(await readFile(file, 'utf8')) as Partial<Secrets> | null;
    if (
      typeof secrets?.credentialSecret !== 'string' ||
      typeof secrets.environment !== 'object' ||
      secrets.environment === null
    )
      throw new Error('credentialSecret / environment');
    return secrets as Secrets;
  } catch (error) {
    throw new HubError('start.secrets-unreadable', { file, reason: reasonOf(error) }, { cause: error });
  }
}

/**
 * The flow of the project without its credentials, which go where Node-RED keeps them. In clear text they name
 * environment variables only; Node-RED encrypts the file when it next saves.
 */
async function copyFlows(dir: string): Promise<void> {
  const source = await readFile(join(checkout, 'flows', flowFile), 'utf8');
  const nodes = JSON.parse(source) as FlowNode[];
  const credentials: Record<string, Record<string, string>> = {};
  for (const node of nodes) {
    if (!node.credentials) continue;
    credentials[node.id] = node.credentials;
    delete node.credentials;
  }
  await writeWhole(join(dir, credentialsFile), json(credentials));
  await writeWhole(join(dir, flowFile), json(nodes));
}

/** Lets Node-RED find this checkout as an installed pack; a link to a checkout that moved is renewed. */
async function linkPack(link: string): Promise<void> {
  const target = checkout.replace(/[\\/]$/, '');
  if (await exists(link)) {
    const isLink = (await lstat(link)).isSymbolicLink();
    if (!isLink || (await readlink(link)).replace(/[\\/]$/, '') === target) return;
    await rm(link);
  }
  await mkdir(dirname(link), { recursive: true });
  await symlink(target, link, process.platform === 'win32' ? 'junction' : 'dir');
}

async function writeOnce(file: string, content: () => string): Promise<void> {
  if (!(await exists(file))) await writeWhole(file, content());
}

/** All of a file or nothing of it, readable by its owner only. */
async function writeWhole(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, file);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
