import type { Mapping } from '../types.ts';
import { shopifyMapping } from './shopify.ts';
import { standardMapping } from './standard.ts';
import { woocommerceMapping } from './woocommerce.ts';

/** The mappings the dialog offers to start from. A user copies one and changes the copy. */
export const presets: readonly Mapping[] = [shopifyMapping, woocommerceMapping, standardMapping];
