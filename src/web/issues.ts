import type { Issue } from '../common/errors.js';
import type { Language } from '../language/language.js';
import { say, sayCode } from '../language/say.js';

/** Issues that are about the whole request rather than one field of it. */
const WHOLE = new Set(['body', 'form', 'status', 'concerns', 'review', 'row']);

/** An issue in the reader's words: which field, and what is wrong with it. */
export function sayIssue(language: Language, issue: Issue): string {
  const [first = ''] = issue.field.split('.');
  const reason = sayCode(language, 'error', issue.reason, issue.values);
  return WHOLE.has(first) ? reason : say(language, 'error.field', { field: sayCode(language, 'field', first), reason });
}
