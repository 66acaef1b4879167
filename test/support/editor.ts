import type { ConsoleMessage, Locator, Page } from 'playwright-core';
import type { Language } from '../../core/message.ts';
import { type Browser, openBrowser } from './browser.ts';

/** The part of the editor's global object that the tests ask. */
interface EditorGlobal {
  nodes: {
    node(id: string): EditorNode | null;
    getType(
      type: string,
    ): { category: string; defaults: Record<string, { value: unknown; type?: string }> } | undefined;
    convertNode(node: EditorNode): Record<string, unknown>;
  };
  editor: {
    edit(node: EditorNode): void;
    editConfig(property: string, type: string, id: string): void;
  };
  utils: { getNodeLabel(node: EditorNode): string };
}

interface EditorNode {
  id: string;
  type: string;
  outputs?: number;
  changed?: boolean;
  _def: {
    category: string;
    outputs?: number;
    outputLabels?: string[] | ((this: EditorNode, index: number) => string);
  };
}

/** Code handed to the page is run there, where this exists. */
declare const RED: EditorGlobal;

/** A setting as the editor's definition of a node type declares it. */
export interface DeclaredDefault {
  name: string;
  value: unknown;
  /** The type of config node it names, if it does. */
  configType?: string;
}

/** One thing a person can fill in. */
export interface DialogField {
  id: string;
  kind: string;
  value: string;
  placeholder: string;
  visible: boolean;
}

/** The Node-RED editor in a browser. */
export interface Editor {
  page: Page;
  /** What went wrong in the page so far: exceptions, failed requests, errors on the console. */
  problems: readonly string[];
  /** Opens a node's dialog and resolves when it can be filled in. */
  openDialog(id: string): Promise<EditorDialog>;
  /** Leaves every dialog that is open, without keeping what was entered. */
  leaveDialogs(): Promise<void>;
  /** What the editor would save for a node. */
  savedConfig(id: string): Promise<Record<string, unknown>>;
  /** The settings a node type declares. */
  defaultsOf(type: string): Promise<{ category: string; defaults: DeclaredDefault[] }>;
  /** What the canvas shows of a node: its label and those of its outputs. */
  labelsOf(id: string): Promise<string[]>;
  /** Whether a node is marked as changed since the last deploy. */
  changed(id: string): Promise<boolean>;
  /** Takes the marks of change away, as a deploy does. */
  forgetChange(id: string): Promise<void>;
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
}

/** The dialog on top. */
export interface EditorDialog {
  /** Everything in it, for what the functions here do not cover. */
  tray: Locator;
  fields(): Promise<DialogField[]>;
  /** Every piece of text in it: labels, options, placeholders, titles of buttons. */
  texts(): Promise<string[]>;
  /** Elements that were to be filled from the catalogue and are empty, by their key. */
  emptyTexts(): Promise<string[]>;
  /** Presses Done, and resolves when the dialog is gone. */
  accept(): Promise<void>;
  cancel(): Promise<void>;
}

/** Loads the editor of a running Node-RED, in a browser of its own. */
export async function openEditor(adminUrl: string, language: Language): Promise<Editor> {
  const browser = await openBrowser({ language });
  try {
    return await loadEditor(browser, adminUrl);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function loadEditor(browser: Browser, adminUrl: string): Promise<Editor> {
  const { page } = browser;
  const problems = collectProblems(page);
  await page.goto(`${adminUrl.replace(/\/$/, '')}/`);
  await page.locator('#red-ui-main-container').waitFor({ state: 'visible' });
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  await page.locator('#red-ui-workspace-chart svg').first().waitFor({ state: 'visible' });
  return {
    page,
    problems,
    openDialog: (id) => openDialog(page, id),
    async leaveDialogs() {
      const trays = page.locator('.red-ui-tray');
      while ((await trays.count()) > 0) {
        const tray = await trays.last().elementHandle();
        await trays.last().locator('[id$="-dialog-cancel"]').click();
        await tray?.waitForElementState('hidden');
      }
    },
    savedConfig: (id) =>
      page.evaluate((wanted) => {
        // The editor's own functions leave out what is not saved: position on screen, users, flags.
        const node = RED.nodes.node(wanted);
        if (!node) throw new Error(`The editor has no node ${wanted}.`);
        return RED.nodes.convertNode(node);
      }, id),
    defaultsOf: (type) =>
      page.evaluate((wanted) => {
        const definition = RED.nodes.getType(wanted);
        if (!definition) throw new Error(`The editor does not know the type ${wanted}.`);
        const { category, defaults } = definition;
        const declared = Object.entries(defaults).map(([name, { value, type: configType }]) => ({
          name,
          value,
          configType,
        }));
        return { category, defaults: declared };
      }, type),
    labelsOf: (id) =>
      page.evaluate((wanted) => {
        const node = RED.nodes.node(wanted);
        if (!node) throw new Error(`The editor has no node ${wanted}.`);
        const { outputLabels } = node._def;
        const outputs = Array.from({ length: node.outputs ?? node._def.outputs ?? 0 }, (_, index) =>
          typeof outputLabels === 'function' ? outputLabels.call(node, index) : (outputLabels?.[index] ?? ''),
        );
        return [RED.utils.getNodeLabel(node), ...outputs].map((label) => label ?? '');
      }, id),
    changed: (id) => page.evaluate((wanted) => RED.nodes.node(wanted)?.changed === true, id),
    forgetChange: (id) =>
      page.evaluate((wanted) => {
        const node = RED.nodes.node(wanted);
        if (node) node.changed = false;
      }, id),
    screenshot: async (path) => {
      await page.screenshot({ path });
    },
    close: () => browser.close(),
  };
}

async function openDialog(page: Page, id: string): Promise<EditorDialog> {
  const isConfig = await page.evaluate((wanted) => {
    const node = RED.nodes.node(wanted);
    if (!node) throw new Error(`The editor has no node ${wanted}.`);
    const config = node._def.category === 'config';
    if (config) RED.editor.editConfig('', node.type, node.id);
    else RED.editor.edit(node);
    return config;
  }, id);
  const tray = page.locator('.red-ui-tray').last();
  const prefix = isConfig ? 'node-config-dialog' : 'node-dialog';
  const accept = tray.locator(`#${prefix}-ok`);
  await tray.locator('.form-row').first().waitFor({ state: 'visible' });
  // The dialog slides in; a trial click waits until it has come to rest and nothing covers it.
  await accept.click({ trial: true });
  const leave = async (button: Locator): Promise<void> => {
    await button.click();
    await tray.waitFor({ state: 'detached' });
  };
  return {
    tray,
    fields: () => readFields(tray),
    texts: () => readTexts(tray),
    emptyTexts: () => readEmptyTexts(tray),
    accept: () => leave(accept),
    cancel: () => leave(tray.locator(`#${prefix}-cancel`)),
  };
}

/** As much of an element as is read here; this project is not compiled with the types of a browser. */
interface PageElement {
  id: string;
  tagName: string;
  type?: string;
  value?: string;
  checked?: boolean;
  textContent: string | null;
  childNodes: Iterable<{ nodeType: number; textContent: string | null }>;
  getAttribute(name: string): string | null;
  getClientRects(): { length: number };
}

function readFields(tray: Locator): Promise<DialogField[]> {
  return tray.locator('[id^="node-input-"], [id^="node-config-input-"]').evaluateAll((elements) =>
    (elements as unknown as PageElement[]).map((element) => ({
      id: element.id.replace(/^node-(?:config-)?input-/, ''),
      kind: element.type ?? element.tagName.toLowerCase(),
      value: element.type === 'checkbox' ? String(element.checked) : (element.value ?? ''),
      placeholder: element.getAttribute('placeholder') ?? '',
      visible: element.getClientRects().length > 0,
    })),
  );
}

function readTexts(tray: Locator): Promise<string[]> {
  return tray.locator('*').evaluateAll((elements) =>
    (elements as unknown as PageElement[])
      .filter(({ tagName }) => !/^(?:script|style)$/i.test(tagName))
      .flatMap((element) => [
        // a text node's type is 3
        ...[...element.childNodes]
          .filter(({ nodeType }) => nodeType === 3)
          .map(({ textContent }) => textContent),
        ...['placeholder', 'title', 'aria-label'].map((name) => element.getAttribute(name)),
      ])
      .map((text) => (text ?? '').trim())
      .filter((text) => text !== ''),
  );
}

function readEmptyTexts(tray: Locator): Promise<string[]> {
  return tray.locator('[data-i18n]').evaluateAll((elements) =>
    (elements as unknown as PageElement[])
      .filter((element) => {
        const key = element.getAttribute('data-i18n') ?? '';
        const attribute = /^\[([a-z-]+)\]/.exec(key)?.[1];
        const text =
          !attribute || /^(?:html|append|prepend)$/.test(attribute)
            ? element.textContent
            : element.getAttribute(attribute);
        return (text ?? '').trim() === '';
      })
      .map((element) => element.getAttribute('data-i18n') ?? ''),
  );
}

/** Errors that the editor catches are written to the console as ordinary lines. */
const caughtByEditor =
  /^(?:oneditprepare|oneditsave|oneditcancel|oneditresize|Definition error)|\b\w*Error: /;

function collectProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
  page.on('console', (message: ConsoleMessage) => {
    const text = message.text();
    if (message.type() === 'error' || caughtByEditor.test(text))
      problems.push(`${text} (${message.location().url})`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) problems.push(`${response.status()} ${response.url()}`);
  });
  return problems;
}
