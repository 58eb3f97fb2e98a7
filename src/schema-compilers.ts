import AjvCompiler, { type BuildCompilerFromPool, type RouteDefinition } from '@fastify/ajv-compiler';
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';

type Compile<Definition, Compiled> = (definition: Definition) => Compiled;
type Validate = ((data: unknown) => unknown) & { errors?: unknown };
type Serialize = (document: unknown) => string;

/**
 * What checks and writes bodies by the routes' schemas. There are hundreds, and compiling them takes longer than all the
 * rest of a start: each is compiled when it is first needed. `compileAll` finds at once one that can't be.
 */
export function schemaCompilers() {
  const waiting: (() => unknown)[] = [];
  const buildValidator = ((...given: Parameters<BuildCompilerFromPool>) => {
    const compile = strictBodies(...given) as unknown as Compile<RouteDefinition, Validate>;
    return (definition: RouteDefinition) => {
      const compiled = once(() => compile(definition));
      waiting.push(compiled);
      const validate: Validate = (data) => {
        const check = compiled();
        const answer = check(data);
        validate.errors = check.errors;
        return answer;
      };
      return validate;
    };
  }) as unknown as BuildCompilerFromPool;
  const buildSerializer: ReturnType<typeof SerializerSelector> = (...given) => {
    const compile = SerializerSelector()(...given);
    return (definition) => {
      const compiled = once((): Serialize => compile(definition));
      waiting.push(compiled);
      return (document) => compiled()(document);
    };
  };
  return {
    compilersFactory: { buildValidator, buildSerializer },
    compileAll: () => waiting.forEach((compiled) => compiled()),
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** A JSON body is taken as it is or refused; what comes as text anyway (query, parameters, forms) is converted. */
const strictBodies: BuildCompilerFromPool = (externalSchemas, options) => {
  const shared = { removeAdditional: false, allErrors: true, useDefaults: true } as const;
  const factory = AjvCompiler();
  const strict = factory(externalSchemas, {
    ...options,
    mode: undefined as never,
    customOptions: { ...shared, coerceTypes: false },
  });
  const converting = factory(externalSchemas, {
    ...options,
    mode: undefined as never,
    customOptions: { ...shared, coerceTypes: 'array' },
  });
  return ((definition: RouteDefinition) =>
    (String(definition.httpPart) === 'body' ? strict : converting)(
      definition,
    )) as ReturnType<BuildCompilerFromPool>;
};
