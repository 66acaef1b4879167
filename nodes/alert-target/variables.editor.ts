import { element, field } from '../shared/editor/element.ts';

/** A variable of a provider's SMS template, and what to put there. */
export interface Variable {
  name: string;
  template: string;
}

interface DialogNode {
  _(key: string): string;
}

/** Shows the SMS variables as rows of name and content, with a button to add one. */
export function showVariables(node: DialogNode, variables: readonly Variable[]): void {
  const list = document.getElementById('order-hub-target-variables');
  if (!list) return;
  list.replaceChildren(...variables.map((variable) => rowFor(node, variable)));
  $('#order-hub-target-add-variable').on('click', (event) => {
    event.preventDefault();
    const row = rowFor(node, { name: '', template: '' });
    list.append(row);
    row.querySelector('input')?.focus();
  });
}

/** The variables that have a name, in their order. */
export function chosenVariables(): Variable[] {
  return $('#order-hub-target-variables > div')
    .map((_, row) => {
      const [name, template] = $(row)
        .find('input')
        .map((_index, input) => input.value)
        .get();
      return { name: (name ?? '').trim(), template: template ?? '' };
    })
    .get()
    .filter(({ name }) => name !== '');
}

function rowFor(node: DialogNode, { name, template }: Variable): HTMLElement {
  const remove = element(
    'button',
    {
      type: 'button',
      class: 'red-ui-button red-ui-button-small',
      title: node._('hub.label.remove'),
      onclick: () => row.remove(),
    },
    element('i', { class: 'fa fa-remove' }),
  );
  const row = element(
    'div',
    { style: 'display: flex; gap: 6px; margin-bottom: 4px' },
    field(name, () => undefined, {
      style: 'width: 110px',
      placeholder: node._('alert-target.placeholder.variable'),
    }),
    field(template, () => undefined, {
      style: 'flex: 1; min-width: 0',
      placeholder: '{{order.channelOrderId}}',
    }),
    remove,
  );
  return row;
}
