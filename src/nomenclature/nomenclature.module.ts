import { Global, Module } from '@nestjs/common';
import { NomenclatureService } from './nomenclature.service.js';

@Global()
@Module({ providers: [NomenclatureService], exports: [NomenclatureService] })
export class NomenclatureModule {}
