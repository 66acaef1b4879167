import { HubError } from '../errors.ts';
import './messages.ts';

/** What makes any secret useless whatever its platform: nothing in it, or white space copied along with it. */
export function validatePlainSecret(secret: string): HubError | undefined {
  if (secret.trim() === '') return new HubError('channel.secret-empty');
  if (secret !== secret.trim()) return new HubError('channel.secret-spaces');
  return undefined;
}
