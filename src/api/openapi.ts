import { type INestApplication, Injectable, SetMetadata, type Type } from '@nestjs/common';
import { z } from 'zod';

const TAKES = 'rabta:takes';
const ASKS = 'rabta:asks';
const REPEATABLE = 'rabta:repeatable';

/** Says what a route takes: the schema that its service reads it with. */
export const Takes = (schema: z.ZodType): MethodDecorator => SetMetadata(TAKES, schema);

/** Says what a route may be asked for in its address: the schema that it reads that with. */
export const Asks = (schema: z.ZodObject): MethodDecorator => SetMetadata(ASKS, schema);

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
  const { ApiBody, ApiHeader, ApiQuery, DocumentBuilder, SwaggerModule } = await import('@nestjs/swagger');
  for (const { prototype } of controllers as readonly { prototype: Record<string, object> }[]) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
      const schema = typeof descriptor?.value === 'function' ? (Reflect.getMetadata(TAKES, descriptor.value as object) as z.ZodType | undefined) : undefined;
      if (descriptor && schema) ApiBody({ schema: inJsonSchema(schema) as never })(prototype, name, descriptor);
      const asks = typeof descriptor?.value === 'function' ? (Reflect.getMetadata(ASKS, descriptor.value as object) as z.ZodObject | undefined) : undefined;
      for (const [query, field] of Object.entries(asks?.shape ?? {}))
        if (descriptor) ApiQuery({ name: query, required: false, schema: inJsonSchema(field as z.ZodType) as never })(prototype, name, descriptor);
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
  return { ...document, paths: Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/api/v1/'))) };
}

/** What JSON Schema cannot say (a transformation, a rule across fields) is left out here, and checked all the same. */
function inJsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'openapi-3.0', reused: 'inline' });
  return described;
}
