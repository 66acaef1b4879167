import { defineMessages } from '../../message.ts';

export const bundleMessages = defineMessages({
  'stock.bundle-not-stocked': {
    'en-US':
      'SKU {sku} is a bundle of {components}; it has no stock of its own. Receive or count its components instead.',
    'zh-CN': 'SKU {sku} 是由 {components} 组成的组合商品，本身没有库存。请对它的组件入库或盘点。',
  },
  'stock.bundle-has-stock': {
    'en-US':
      'SKU {sku} has {units} units in pool {pool}, so it cannot be made a bundle. Take them out first, or give the bundle a SKU of its own.',
    'zh-CN':
      'SKU {sku} 在库存池 {pool} 中还有 {units} 件库存，不能设为组合商品。请先清空这些库存，或为组合商品另取编码。',
  },
  'stock.bundle-itself': {
    'en-US': 'Bundle {sku} would contain itself (by way of {component}). Take {component} out of it.',
    'zh-CN': '组合商品 {sku} 会通过 {component} 包含它自己。请去掉组件 {component}。',
  },
  'stock.bundle-unknown-component': {
    'en-US':
      'Component {component} of bundle {sku} is not known. Check the spelling, receive stock for it, or define it as a bundle first.',
    'zh-CN':
      '组合商品 {sku} 的组件 {component} 不存在。请检查编码，或先为它入库；如果它也是组合商品，请先定义它。',
  },
  'stock.bundle-duplicate': {
    'en-US': 'Component {component} is there twice. Name each component once, with all of its units.',
    'zh-CN': '组件 {component} 出现了两次。每个组件只写一行，数量合并填写。',
  },
  'stock.bundle-too-deep': {
    'en-US': 'Bundle {sku} would have {levels} levels of bundles in bundles; at most {most} are possible.',
    'zh-CN': '组合商品 {sku} 的嵌套层数将达到 {levels} 层，最多允许 {most} 层。',
  },
  'stock.bundle-too-large': {
    'en-US':
      'Bundle {sku} would be made of {skus} SKUs and up to {units} units of one of them; at most {mostSkus} SKUs and {mostUnits} units are possible.',
    'zh-CN':
      '组合商品 {sku} 展开后有 {skus} 种组件，单种最多 {units} 件，超过了上限（{mostSkus} 种、每种 {mostUnits} 件）。',
  },
  'stock.bundle-unknown': {
    'en-US': 'SKU {sku} is not defined as a bundle, so there is nothing to remove. Check the spelling.',
    'zh-CN': 'SKU {sku} 没有定义为组合商品，无需删除。请检查编码。',
  },
  'stock.bundle-in-use': {
    'en-US': 'Bundle {sku} is a component of {bundles}. Change those first, then remove it.',
    'zh-CN': '组合商品 {sku} 是 {bundles} 的组件。请先修改它们，再删除。',
  },
  'stock.explain-bundle': {
    'en-US':
      'SKU {sku} is a bundle: {available} can be made in pool {pool}, as many as its scarcest component ({component}) allows. {components}',
    'zh-CN':
      'SKU {sku} 是组合商品：库存池 {pool} 现在可凑成 {available} 套，取决于最缺的组件（{component}）。{components}',
  },
  'stock.explain-component': {
    'en-US': '{sku}: {available} available, {perUnit} in each bundle, enough for {bundles}.',
    'zh-CN': '{sku}：可用 {available}，每套需要 {perUnit}，够 {bundles} 套。',
  },
});
