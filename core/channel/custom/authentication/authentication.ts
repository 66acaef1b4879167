import { accessFields, type CredentialName } from '../../access-fields.ts';
import type { ChannelAccess } from '../../connection/connection.ts';
import { ChannelFault } from '../../connection/fault.ts';
import type { CallRequest } from '../../connection/http-call.ts';
import type { CustomChannel, Place } from '../config.ts';
import type { Authenticator, Proof, Prover, UnprovedRequest } from './authenticator.ts';
import { hmacProof } from './hmac.ts';
import { OAuthTokens } from './oauth.ts';

/**
 * How the requests of a custom channel prove who asks.
 *
 * @param asked told of requests that the authentication makes by itself
 * @throws ChannelFault `channel.credential-missing`
 */
export function authenticatorOf(
  { authentication: rules, title, outcome }: CustomChannel,
  access: ChannelAccess,
  asked?: (request: CallRequest) => void,
): Authenticator {
  const credential = (name: CredentialName): string => {
    const value = access.credentials[name];
    if (value) return value;
    const field = accessFields.custom!.find((one) => one.name === name)!.known;
    throw new ChannelFault('credentials', 'channel.credential-missing', { platform: title, field });
  };
  switch (rules.kind) {
    case 'none':
      return always(() => ({}));
    case 'basic': {
      const user = `${credential('appKey')}:${credential('appSecret')}`;
      const authorization = `Basic ${Buffer.from(user).toString('base64')}`;
      return always(() => ({ headers: { authorization } }));
    }
    case 'bearer': {
      const authorization = `Bearer ${credential('accessToken')}`;
      return always(() => ({ headers: { authorization } }));
    }
    case 'api-key': {
      const proof = placed(rules, `${rules.prefix}${credential('accessToken')}`);
      return always(() => proof);
    }
    case 'hmac': {
      const secret = credential('appSecret');
      const needsKey = rules.key !== undefined || rules.parts.includes('key');
      const key = needsKey ? credential('appKey') : '';
      const { zone } = access;
      return always((request) => hmacProof({ rules, request, key, secret, zone, now: access.now() }));
    }
    case 'oauth2':
      return new OAuthTokens({
        rules,
        title,
        outcome,
        access,
        key: credential('appKey'),
        secret: credential('appSecret'),
        ...(asked && { asked }),
      });
  }
}

/** What needs nothing but the credentials: refused, there is nothing else to try. */
function always(prove: (request: UnprovedRequest) => Proof): Authenticator {
  const prover: Prover = { prove, secrets: [] };
  return {
    ready: async () => prover,
    refused: () => false,
    close: () => undefined,
  };
}

function placed(place: Place, value: string): Proof {
  return place.in === 'header' ? { headers: { [place.name]: value } } : { query: { [place.name]: value } };
}
