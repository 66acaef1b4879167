import type { PlatformDefinition } from './platform.ts';
import { woocommerce } from './woocommerce/woocommerce.ts';

export const platforms = { woocommerce } satisfies Record<string, PlatformDefinition>;

export type PlatformName = keyof typeof platforms;
