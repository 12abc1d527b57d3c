import { Injectable } from '@nestjs/common';
import type { Language } from '../language/language.js';
import { NomenclatureService } from '../nomenclature/nomenclature.service.js';
import { type FormBody, one } from './form.js';
import { linesToAsk, type Suggestions } from './profile.form.js';

/** The three likeliest codes for each line of a form that has none. */
@Injectable()
export class SuggestionsService {
  constructor(private readonly nomenclature: NomenclatureService) {}

  async forLines(body: FormBody, language: Language): Promise<Suggestions> {
    const found = await Promise.all(
      linesToAsk(body).map(async (line) => [line, await this.nomenclature.suggest(one(body, `${line}.text`), language)] as const),
    );
    return Object.fromEntries(found);
  }
}
