import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { AlertMessage } from '../../../../../core/insight/alert/channel.ts';
import { type SmtpConfig, smtp, smtpChannel } from '../../../../../core/insight/alert/targets/smtp.ts';
import { accepting, assertWithout, failure, nobody } from '../listening.ts';

const now = Date.UTC(2026, 8, 1, 12);
const password = 'mail-pass-Zx81!';
const user = 'shop-sender';
const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
const hidden = [password, plain];
const message: AlertMessage = {
  id: 'late|shopify/main/1001|paid',
  title: 'Order 1001 ™ 超时\r\nBcc: other@example.com',
  text: 'Order 1001 超时 🚚\n.\nend',
};

interface Mailbox {
  port: number;
  mails: string[];
  /** Whether the client signed in, and how often it connected. */
  signIns: string[];
  close(): Promise<void>;
}

async function mailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: string[] = [];
  const signIns: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onAuth(auth, _session, done) {
      signIns.push(auth.username ?? '');
      if (auth.password === password) done(null, { user: auth.username });
      else done(new Error(`Invalid login ${auth.username} ${auth.password}`));
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString('utf8'));
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return { port, mails, signIns, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function config(port: number, changes: Partial<SmtpConfig> = {}): SmtpConfig {
  return {
    host: '127.0.0.1',
    port,
    security: 'none',
    user,
    from: '某某店铺 <shop@example.com>',
    to: ['desk@example.com', 'Boss <boss@example.com>'],
    ...changes,
  };
}

/** Quoted-printable (RFC 2045 section 6.7) as text. */
function unquoted(body: string): string {
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const tools = { http: axios, now };

function refusing(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

describe('the e-mail alert', () => {
  it('sends the mail with its names, subject and text, signed in', async () => {
    const box = await mailbox();
    try {
      const receipt = await smtp.send(message, config(box.port), { password }, tools);
      assert.deepEqual(box.signIns, [user]);
      const [mail, ...others] = box.mails;
      assert.equal(others.length, 0);
      const [head = '', body = ''] = mail!.split('\r\n\r\n');
      const headers = new Map(
        head
          .replace(/\r\n[ \t]+/g, ' ')
          .split('\r\n')
          .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
      );
      assert.equal(headers.get('to'), 'desk@example.com, Boss <boss@example.com>');
      assert.match(headers.get('from')!, /<shop@example\.com>$/);
      assert.equal(headers.get('message-id'), receipt.providerId);
      assert.match(receipt.providerId!, /^<[0-9a-f]{32}@example\.com>$/);
      assert.equal(headers.get('date'), 'Tue, 01 Sep 2026 12:00:00 +0000');
      assert.equal(headers.get('auto-submitted'), 'auto-generated');
      assert.equal(headers.has('bcc'), false, 'a line break in the title makes no header');
      assert.equal(headers.get('content-transfer-encoding'), 'quoted-printable');
      const text = unquoted(body);
      assert.equal(text.replace(/\r\n/g, '\n').trimEnd(), message.text);
      assert.deepEqual(receipt.refused, []);
      assertWithout(receipt, hidden);
    } finally {
      await box.close();
    }
  });

  it('is the same mail on another attempt', () => {
    const first = smtp.prepare(message, config(25), { password }, now, '');
    const second = smtp.prepare(message, config(25), { password }, now + 60_000, '');
    assert.ok(first.kind === 'mail' && second.kind === 'mail');
    assert.equal(first.messageId, second.messageId);
    assert.equal(first.subject, 'Order 1001 ™ 超时 Bcc: other@example.com');
  });

  it('tells a wrong password, and does not try it again', async () => {
    const box = await mailbox();
    try {
      const wrong = 'wrong-pass-Qw77!';
      const error = await failure(smtp.send(message, config(box.port), { password: wrong }, tools), [wrong]);
      assert.deepEqual([error.code, error.retryable], ['alert.mail-auth', false]);
      assert.equal(box.mails.length, 0);
    } finally {
      await box.close();
    }
  });

  it('says nothing to a server that does not offer the encryption it should', async () => {
    const box = await mailbox();
    try {
      const sending = smtp.send(message, config(box.port, { security: 'starttls' }), { password }, tools);
      const error = await failure(sending, hidden);
      assert.deepEqual([error.code, error.retryable], ['alert.mail-tls', false]);
      assert.deepEqual([box.signIns, box.mails], [[], []]);
    } finally {
      await box.close();
    }
  });

  it('does not trust a certificate that nobody vouches for', async () => {
    const box = await mailbox({ disabledCommands: [] });
    try {
      const sending = smtp.send(message, config(box.port, { security: 'starttls' }), { password }, tools);
      const error = await failure(sending, hidden);
      assert.deepEqual([error.code, error.retryable], ['alert.mail-tls', false]);
      assert.deepEqual(box.signIns, []);
    } finally {
      await box.close();
    }
  });

  it('tells TLS on a port without it', async () => {
    const box = await mailbox();
    try {
      const sending = smtp.send(message, config(box.port, { security: 'tls' }), { password }, tools);
      const error = await failure(sending, hidden);
      assert.deepEqual([error.code, error.retryable], ['alert.mail-tls', false]);
    } finally {
      await box.close();
    }
  });

  it('tells a refused sender, and a server that wants it later', async () => {
    const refusals: [number, string, boolean][] = [
      [550, 'alert.mail-refused', false],
      [451, 'alert.mail-later', true],
    ];
    for (const [status, code, retryable] of refusals) {
      const box = await mailbox({
        onMailFrom: (_address, _session, done) =>
          done(refusing(status, `no ${password} for desk@example.com`)),
      });
      try {
        const sending = smtp.send(message, config(box.port), { password }, tools);
        const error = await failure(sending, [...hidden, 'desk@example.com']);
        assert.deepEqual([error.code, error.retryable, error.params.status], [code, retryable, status]);
      } finally {
        await box.close();
      }
    }
  });

  it('sends to those that are taken and names the others', async () => {
    const box = await mailbox({
      onRcptTo: (address, _session, done) =>
        address.address === 'boss@example.com' ? done(refusing(550, 'unknown user')) : done(),
    });
    try {
      const receipt = await smtp.send(message, config(box.port), { password }, tools);
      assert.deepEqual(
        receipt.refused.map(({ recipient }) => recipient),
        ['b***@example.com'],
      );
      assert.equal(box.mails.length, 1);
    } finally {
      await box.close();
    }
  });

  it('gives up on a server that accepts and never speaks', async () => {
    const server = await accepting();
    try {
      const port = Number(new URL(server.origin).port);
      const sending = smtp.send(message, config(port), { password }, { ...tools, timeoutMs: 150 });
      const error = await failure(sending, hidden);
      assert.deepEqual([error.code, error.retryable], ['alert.timeout', true]);
    } finally {
      await server.close();
    }
  });

  it('gives up on a server that falls silent in the middle', async () => {
    const server = await accepting((socket) => socket.write('220 mail.example.com ESMTP\r\n'));
    try {
      const port = Number(new URL(server.origin).port);
      const sending = smtp.send(message, config(port), { password }, { ...tools, timeoutMs: 150 });
      const error = await failure(sending, hidden);
      assert.deepEqual([error.code, error.retryable], ['alert.timeout', true]);
    } finally {
      await server.close();
    }
  });

  it('stops at once when the node closes', async () => {
    const stop = new AbortController();
    let ended: Promise<unknown> | undefined;
    const server = await accepting((socket) => {
      ended = once(socket, 'close');
      stop.abort();
    });
    try {
      const port = Number(new URL(server.origin).port);
      const sending = smtp.send(message, config(port), { password }, { ...tools, signal: stop.signal });
      const error = await failure(sending, hidden);
      assert.deepEqual([error.code, error.retryable], ['alert.stopped', true]);
      assert.ok(ended);
      await ended;
    } finally {
      await server.close();
    }
  });

  it('tells a machine that is not there as one to try again', async () => {
    const port = Number(new URL(await nobody()).port);
    const error = await failure(smtp.send(message, config(port), { password }, tools), hidden);
    assert.deepEqual([error.code, error.retryable], ['alert.unreachable', true]);
  });

  it('says what to install when the mailer is not there', async () => {
    const absent = smtpChannel(() =>
      Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })),
    );
    const error = await failure(absent.send(message, config(25), { password }, tools), hidden);
    assert.deepEqual([error.code, error.retryable], ['alert.mailer-missing', false]);
    assert.match(error.message, /npm install nodemailer/);
  });

  it('finds what is wrong with its settings', () => {
    const codes = (changes: Partial<SmtpConfig>, secrets = { password }) =>
      smtp.validate(config(587, changes), secrets).map(({ code }) => code);
    assert.deepEqual(codes({}), []);
    assert.deepEqual(codes({ host: ' ' }), ['alert.mail-host-missing']);
    assert.deepEqual(codes({ port: 70_000 }), ['alert.port-invalid']);
    assert.deepEqual(codes({ security: 'ssl' as 'tls' }), ['alert.format-unknown']);
    assert.deepEqual(codes({ from: 'nobody' }), ['alert.sender-invalid']);
    assert.deepEqual(codes({ to: [] }), ['alert.recipients-missing']);
    assert.deepEqual(codes({ to: ['a@example.com, b@example.com'] }), ['alert.mail-address-invalid']);
    assert.deepEqual(codes({ to: ['a@example.com\r\nRCPT TO:<b@example.com>'] }), [
      'alert.mail-address-invalid',
    ]);
    assert.deepEqual(codes({}, { password: '' }), ['alert.password-missing']);
    assert.deepEqual(codes({ host: 'mail.example.com' }), ['alert.password-plain']);
  });
});
