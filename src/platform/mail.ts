import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Message {
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Where whoever gets it ends such mails: opened, it asks; posted to, it acts. */
  unsubscribe?: string;
}

/** Sends one message. Called from jobs only: a message can't be taken back by a rolled-back transaction. */
export type Mailer = (message: Message) => Promise<void>;

/** By SMTP when a server is configured; otherwise each message becomes an .eml file in `folder`, which any mail program opens. */
export function openMailer(options: { smtpUrl?: string; from: string; folder: string }): Mailer {
  const { smtpUrl, from } = options;
  if (smtpUrl) {
    let opening: ReturnType<typeof openServer> | undefined;
    return async (message) =>
      void (await (await (opening ??= openServer(smtpUrl))).sendMail({ from, ...written(message) }));
  }
  return async (message) => {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
    const { message: eml } = await transport.sendMail({ from, ...written(message) });
    await mkdir(options.folder, { recursive: true });
    const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.eml`;
    // Written beside and renamed, so that nobody reads half a message.
    const unfinished = join(options.folder, `.${name}`);
    await writeFile(unfinished, eml);
    await rename(unfinished, join(options.folder, name));
  };
}

/** With the headers by which mail programs show a button that ends such mails (RFC 2369, RFC 8058). */
const written = ({ unsubscribe, ...message }: Message) => ({
  ...message,
  ...(unsubscribe !== undefined && {
    headers: {
      'List-Unsubscribe': { prepared: true, value: `<${unsubscribe}>` }, // else it is broken where it is long
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }),
});

/** Loaded with the first message: the command line has none to send. */
async function openServer(smtpUrl: string) {
  const { createTransport } = await import('nodemailer');
  return createTransport(smtpUrl);
}
