import { ApiBody } from '@nestjs/swagger';
import { z } from 'zod';

/**
 * Describes in the OpenAPI document what a route takes, from the same schema that its service reads it with.
 * What JSON Schema cannot say (a transformation, a rule across fields) is left out there, and checked all the same.
 */
export const Takes = (schema: z.ZodType): MethodDecorator => {
  const { $schema: _, id: __, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'openapi-3.0', reused: 'inline' });
  return ApiBody({ schema: described as never });
};
