import type { EditorRED } from 'node-red';
import { copyButton } from '../shared/editor/copy-button.ts';

declare const RED: EditorRED;

interface DialogNode {
  _(key: string): string;
}

/** Shows the URL the platform has to send to, for the account that is chosen, and what it needs to be reached. */
export function showAddress(node: DialogNode): void {
  const url = $('#order-hub-webhook-url');
  const show = (): void => {
    const address = addressOf(String($('#node-input-account').val() ?? ''));
    url
      .val(address ?? '')
      .attr({ placeholder: node._('channel-webhook.placeholder.url'), title: address ?? '' });
    $('#order-hub-webhook-copy').prop('disabled', address === undefined);
    $('#order-hub-webhook-reach').text(node._(`channel-webhook.tip.${reachOf(address)}`));
  };
  $('#node-input-account').on('change', show);
  copyButton($('#order-hub-webhook-copy'), url, node._('hub.label.copied'));
  show();
}

/** As this browser reaches Node-RED; undefined without an account or when Node-RED serves no http nodes. */
function addressOf(accountId: string): string | undefined {
  const root = (RED.settings as unknown as { httpNodeRoot?: string | false }).httpNodeRoot;
  const account = RED.nodes.node(accountId) as unknown as { path?: string } | null;
  if (!account?.path || root === false) return undefined;
  return `${location.origin}/${root ?? ''}/order-hub/hook/${account.path}`.replace(/([^:])\/{2,}/g, '$1/');
}

function reachOf(address: string | undefined): 'reach' | 'reach-local' | 'reach-public' {
  if (address === undefined) return 'reach';
  const { protocol, hostname } = new URL(address);
  if (
    /^(localhost|.*\.local|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|\[.*\])$/.test(hostname)
  ) {
    return 'reach-local';
  }
  return protocol === 'https:' ? 'reach-public' : 'reach';
}
