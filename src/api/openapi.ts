import { type INestApplication, Injectable, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA } from '@nestjs/common/constants.js';
import { z } from 'zod';
import { problem } from './shapes.js';

const TAKES = 'rabta:takes';
const ASKS = 'rabta:asks';
const REPEATABLE = 'rabta:repeatable';
const GIVES = 'rabta:gives';

/** Says what a route takes: the schema that its service reads it with. */
export const Takes = (schema: z.ZodType): MethodDecorator => SetMetadata(TAKES, schema);

/** Says what a route may be asked for in its address: the schema that it reads that with. */
export const Asks = (schema: z.ZodObject): MethodDecorator => SetMetadata(ASKS, schema);

/** Says what a route answers with when it does what it is asked; see shapes.ts. */
export const Gives = (schema: z.ZodType): MethodDecorator => SetMetadata(GIVES, schema);

/** Says that a route honours an `Idempotency-Key`. */
export const Repeatable = (): MethodDecorator => SetMetadata(REPEATABLE, true);

/** The OpenAPI document, made when it is first asked for: the library that makes it takes longer to load than all pages together. */
@Injectable()
export class OpenApi {
  private made: Promise<object> | undefined;
  private make: (() => Promise<object>) | undefined;

  /** @param controllers those whose routes are described */
  describe(app: INestApplication, controllers: readonly Type[]): void {
    this.make = () => describe(app, controllers);
  }

  document(): Promise<object> {
    if (!this.make) throw new Error('there is no API to describe');
    return (this.made ??= this.make());
  }
}

async function describe(app: INestApplication, controllers: readonly Type[]): Promise<object> {
  const { ApiBody, ApiHeader, ApiQuery, ApiResponse, DocumentBuilder, SwaggerModule } = await import('@nestjs/swagger');
  for (const { prototype } of controllers as readonly { prototype: Record<string, object> }[]) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
      const schema = typeof descriptor?.value === 'function' ? (Reflect.getMetadata(TAKES, descriptor.value as object) as z.ZodType | undefined) : undefined;
      if (descriptor && schema) ApiBody({ schema: inJsonSchema(schema) as never })(prototype, name, descriptor);
      const asks = typeof descriptor?.value === 'function' ? (Reflect.getMetadata(ASKS, descriptor.value as object) as z.ZodObject | undefined) : undefined;
      for (const [query, field] of Object.entries<z.ZodType>(asks?.shape ?? {}))
        if (descriptor) ApiQuery({ name: query, required: false, schema: inJsonSchema(field) as never })(prototype, name, descriptor);
      const gives = typeof descriptor?.value === 'function' ? (Reflect.getMetadata(GIVES, descriptor.value as object) as z.ZodType | undefined) : undefined;
      if (descriptor && gives) {
        const handler = descriptor.value as object;
        const posted = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST;
        const status = (Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined) ?? (posted ? 201 : 200);
        ApiResponse({ status, description: 'Done', schema: inJsonSchema(gives, 'output') })(prototype, name, descriptor);
      }
      if (descriptor && typeof descriptor.value === 'function' && Reflect.getMetadata(REPEATABLE, descriptor.value as object)) {
        const description = 'The same key gets the same answer, and nothing is done twice; with another request it is refused. Kept for two days.';
        ApiHeader({ name: 'Idempotency-Key', required: false, description, schema: { type: 'string', minLength: 1, maxLength: 255 } })(
          prototype,
          name,
          descriptor,
        );
      }
    }
  }
  const about = new DocumentBuilder().setTitle('Rabta').setDescription('Trade-lead matchmaking').setVersion('1').addBearerAuth().build();
  const document = SwaggerModule.createDocument(app, about);
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/api/v1/')));
  // whatever is refused is refused in one shape
  const refusal = {
    description: 'Refused: a stable code, and for bad input the field and the reason of each fault (RFC 9457)',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations) as { responses?: Record<string, unknown> }[])
      operation.responses = { ...operation.responses, default: refusal };
  }
  const components = { ...document.components, schemas: { ...document.components?.schemas, Problem: inJsonSchema(problem, 'output') } };
  return { ...document, paths, components };
}

/** What JSON Schema cannot say (a transformation, a rule across fields) is left out here, and checked all the same. */
function inJsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'input'): object {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'openapi-3.0', reused: 'inline' });
  return described;
}
