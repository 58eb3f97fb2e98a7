import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Deps } from '#platform/module.ts';
import { Layout } from './layout.tsx';
import { t } from './messages.ts';
import { type Page, page } from './page.ts';

interface Schema {
  type?: string | string[];
  description?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
}

interface OpenApi {
  info: { title: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
}

type Entry = Operation & { method: string; path: string; anchor: string };

/** The reference, made from what the routes declare: the document that code reads, as a page for people. */
export const apiReference: FastifyPluginAsyncTypebox<Deps> = async (app) => {
  const json = { hide: true, response: { 200: Type.Unknown() } };
  app.get('/openapi.json', { config: { access: 'public' }, schema: json }, async (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(app.swagger()),
  );

  app.get('/api', page('public'), async (_request, reply) => {
    const document = app.swagger() as unknown as OpenApi;
    return reply.page((about) => <Reference page={about} document={document} />);
  });
};

function Reference({ page: about, document }: { page: Page; document: OpenApi }) {
  const groups = Map.groupBy(
    entriesOf(document),
    ({ path }) => path.replace(/^\/v1/, '').split('/')[1] ?? '',
  );
  return (
    <Layout page={about} title={t('api.title')} description={t('api.description')} canonical="/api">
      <div class="wrap api">
        <header class="list-title">
          <h1>{t('api.title')}</h1>
          <p class="lead">{t('api.lead')}</p>
          <p>
            {document.info.description} <a href="/openapi.json">{t('api.document')}</a>
          </p>
        </header>
        <div class="api-columns">
          <nav aria-label={t('api.contents')} class="api-contents">
            {[...groups].map(([group, entries]) => (
              <details key={group} open>
                <summary>{group}</summary>
                <ul>
                  {entries.map(({ anchor, operationId, path }) => (
                    <li key={anchor}>
                      <a href={`#${anchor}`}>{operationId ?? path}</a>
                    </li>
                  ))}
                </ul>
              </details>
            ))}
          </nav>
          <div>
            {[...groups].map(([group, entries]) => (
              <section key={group} aria-labelledby={`group-${group}`}>
                <h2 id={`group-${group}`}>{group}</h2>
                {entries.map((entry) => (
                  <EntryView key={entry.anchor} entry={entry} />
                ))}
              </section>
            ))}
          </div>
        </div>
      </div>
    </Layout>
  );
}

function entriesOf({ paths = {} }: OpenApi): Entry[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method,
      path,
      anchor: operation.operationId ?? `${method}-${path.replaceAll(/\W+/g, '-')}`,
    })),
  );
}

function EntryView({ entry }: { entry: Entry }) {
  const { method, path, anchor, summary, description, parameters = [], requestBody, responses = {} } = entry;
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  return (
    <article class="api-entry" id={anchor}>
      <h3>
        <code>
          <b class={`method ${method}`}>{method.toUpperCase()}</b> {path}
        </code>
      </h3>
      {(summary ?? description) && <p>{summary ?? description}</p>}
      {parameters.length > 0 && (
        <>
          <h4>{t('api.parameters')}</h4>
          <ul class="api-fields">
            {parameters.map(({ name, in: place, required, schema }) => (
              <FieldView
                key={name}
                name={name}
                schema={schema ?? {}}
                required={required ?? false}
                note={place}
              />
            ))}
          </ul>
        </>
      )}
      {body && (
        <>
          <h4>{t('api.body')}</h4>
          <SchemaView schema={body} />
        </>
      )}
      <h4>{t('api.answers')}</h4>
      {Object.entries(responses).map(([status, { content = {}, description: said }]) => (
        <details key={status} class="api-answer" open={status.startsWith('2')}>
          <summary>
            <code>{status}</code> {Object.keys(content)[0] ?? said}
          </summary>
          {Object.values(content)[0]?.schema?.type !== 'null' && (
            <SchemaView schema={Object.values(content)[0]?.schema ?? {}} />
          )}
        </details>
      ))}
    </article>
  );
}

function SchemaView({ schema }: { schema: Schema }) {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && choices.some(({ properties }) => properties)) {
    return (
      <>
        {choices.map((choice) => (
          <SchemaView key={JSON.stringify(choice).slice(0, 200)} schema={choice} />
        ))}
      </>
    );
  }
  if (schema.type === 'array' && schema.items) return <SchemaView schema={schema.items} />;
  if (!schema.properties) return <p class="soft small">{typeOf(schema)}</p>;
  return (
    <ul class="api-fields">
      {Object.entries(schema.properties).map(([name, each]) => (
        <FieldView key={name} name={name} schema={each} required={schema.required?.includes(name) ?? false} />
      ))}
    </ul>
  );
}

interface FieldViewProps {
  name: string;
  schema: Schema;
  required: boolean;
  note?: string;
}

function FieldView({ name, schema, required, note }: FieldViewProps) {
  const inner = schema.items ?? schema;
  return (
    <li>
      <code>{name}</code>{' '}
      <span class="soft small">
        {[typeOf(schema), note, required ? t('api.required') : ''].filter(Boolean).join(' · ')}
      </span>
      {schema.description && <p class="small">{schema.description}</p>}
      {inner.properties && <SchemaView schema={inner} />}
    </li>
  );
}

function typeOf(schema: Schema): string {
  const { type, format, enum: values, const: fixed, items, minimum, maximum, minLength, maxLength } = schema;
  if (fixed !== undefined) return JSON.stringify(fixed);
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ');
  if (items) return t('api.list_of', { type: typeOf(items) });
  const range =
    minimum !== undefined || maximum !== undefined
      ? `${minimum ?? ''}–${maximum ?? ''}`
      : maxLength !== undefined
        ? `${minLength ?? 0}–${maxLength}`
        : '';
  return [[type ?? 'any'].flat().join(' | '), format, range].filter(Boolean).join(' ');
}
