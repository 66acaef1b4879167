import { sentence } from '../../core/message.ts';
import { adminRequest, RequestFailure } from '../shared/editor/admin-request.ts';
import { element, fill } from '../shared/editor/element.ts';
import { editorLanguage } from '../shared/editor/language.ts';
import { showOutcome } from '../shared/editor/outcome.ts';

interface DialogNode {
  id: string;
  store: string;
  _(key: string, values?: Record<string, string | number>): string;
}

/** A warning of the API about a shop that was taken out of the table. */
interface LeftShop {
  code: string;
  share?: string;
  channel: string;
  shop: string;
  params: Record<string, string | number>;
}

/** Lets a person have all numbers sent once more, and close what shops show that the table no longer names. */
export function offerShareActs(node: DialogNode): void {
  const said = $('#order-hub-share-said');
  const store = `store=${encodeURIComponent(node.store)}`;

  const act = async (button: HTMLButtonElement, ask: () => Promise<string>): Promise<void> => {
    button.disabled = true;
    try {
      showOutcome(said, true, await ask());
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      // What was never deployed has sent nothing yet.
      const text = error.code === 'shares.unknown' ? node._('stock-changed.act.not-deployed') : error.message;
      showOutcome(said, false, text);
    } finally {
      button.disabled = false;
    }
  };

  const showLeft = async (): Promise<void> => {
    const { warnings } = await adminRequest<{ warnings: LeftShop[] }>(`shares/warnings?${store}`);
    const left = warnings.filter(({ code, share }) => code === 'shares.left-behind' && share === node.id);
    fill($('#order-hub-share-left')[0]!, ...left.map(leftRow));
  };

  const leftRow = ({ channel, shop, code, params }: LeftShop): HTMLElement => {
    const close = element(
      'button',
      {
        type: 'button',
        class: 'red-ui-button red-ui-button-small',
        onclick: () =>
          void act(close, async () => {
            const body = { share: node.id, channel, shop };
            const { closed } = await adminRequest<{ closed: number }>(`shares/close-left?${store}`, body);
            await showLeft();
            return node._('stock-changed.act.closed', { closed });
          }),
      },
      node._('stock-changed.act.close'),
    );
    const told = sentence(code, params, editorLanguage());
    return element(
      'div',
      { class: 'form-tips', style: 'margin-bottom: 6px' },
      element('div', {}, told),
      close,
    );
  };

  const button = $('#order-hub-share-send')[0] as HTMLButtonElement;
  $(button).on('click', () => {
    void act(button, async () => {
      const { sent } = await adminRequest<{ sent: number }>(`shares/send-all?${store}`, { share: node.id });
      return node._('stock-changed.act.sent', { sent });
    });
  });
  showLeft().catch((error: unknown) => {
    // A store that is not deployed yet knows of no shop; the buttons say so when they are pressed.
    if (!(error instanceof RequestFailure)) throw error;
  });
}
