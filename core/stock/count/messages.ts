import { defineMessages } from '../../message.ts';

export const countMessages = defineMessages({
  'count.nothing-received': {
    'en-US':
      'There is no count in the message; found: {found}. Give a list of {sku, counted}, or the content of a CSV or .xlsx file (as a buffer or text).',
    'zh-CN':
      '消息中没有盘点数据，当前是：{found}。请提供 {sku, counted} 列表，或 CSV、.xlsx 文件的内容（Buffer 或文本）。',
  },
  'count.columns-missing': {
    'en-US':
      'The file has the columns {found}, but none for {missing}. Name the columns sku (编码, 货号) and counted (数量, 实盘数量), or enter the names in the dialog.',
    'zh-CN':
      '文件中的列有：{found}，缺少：{missing}。请把列名改为“商品编码”（sku）和“实盘数量”（counted），或在节点设置中填写列名。',
  },
  'count.column-twice': {
    'en-US': 'The file has the column "{column}" twice. Rename or remove one of them.',
    'zh-CN': '文件中有两列都叫“{column}”。请改名或删除其中一列。',
  },
  'count.empty-file': {
    'en-US': 'The file has no row with a count. Fill in at least one row below the column names.',
    'zh-CN': '文件中没有任何盘点行。请在列名下面至少填写一行。',
  },
  'count.bad-csv': {
    'en-US':
      'The CSV file cannot be read at line {line}: {reason}. Check that quotation marks are closed, and save it anew.',
    'zh-CN': 'CSV 文件第 {line} 行无法读取：{reason}。请检查引号是否成对，重新保存后再试。',
  },
  'count.bad-encoding': {
    'en-US':
      'The text of the file is neither UTF-8, UTF-16 nor GBK. Save it as "CSV UTF-8" and send it again.',
    'zh-CN': '文件的文字编码不是 UTF-8、UTF-16 或 GBK。请另存为“CSV UTF-8”后重新发送。',
  },
  'count.old-excel': {
    'en-US': 'The file is in the old Excel format (.xls). Save it as .xlsx or CSV and send it again.',
    'zh-CN': '这是旧版 Excel 文件（.xls）。请另存为 .xlsx 或 CSV 后重新发送。',
  },
  'count.bad-excel': {
    'en-US': 'The Excel file cannot be read: {reason}. Open it in Excel, save it as .xlsx and send it again.',
    'zh-CN': 'Excel 文件无法读取：{reason}。请用 Excel 打开，另存为 .xlsx 后重新发送。',
  },
  'count.file-too-large': {
    'en-US': 'The file has {size} MB; at most {most} MB are read. Split it into several sheets.',
    'zh-CN': '文件大小为 {size} MB，最多 {most} MB。请拆成几个文件。',
  },
  'count.too-many-rows': {
    'en-US': 'The sheet has {rows} rows; at most {most} fit. Split it into several sheets.',
    'zh-CN': '盘点表有 {rows} 行，最多 {most} 行。请拆成几张表。',
  },
  'count.reader-missing': {
    'en-US':
      'The package {name}, which reads such files, could not be loaded ({reason}). Run "npm install {name}" in the Node-RED user directory and start Node-RED again.',
    'zh-CN':
      '无法加载读取此类文件的组件 {name}（{reason}）。请在 Node-RED 用户目录运行“npm install {name}”，然后重启 Node-RED。',
  },
  'count.row-no-sku': {
    'en-US': 'Row {row}: the SKU is missing, too long, or no text. Enter the SKU of what was counted.',
    'zh-CN': '第 {row} 行：没有商品编码，或编码过长、不是文本。请填写所盘商品的编码。',
  },
  'count.row-bad-quantity': {
    'en-US':
      'Row {row}, SKU {sku}: "{value}" is no count. Enter whole units from 0 to {most}, without a minus sign.',
    'zh-CN': '第 {row} 行，SKU {sku}：“{value}”不是有效的实盘数量。请填写 0 到 {most} 之间的整数。',
  },
  'count.row-bad-time': {
    'en-US':
      'Row {row}, SKU {sku}: "{value}" is no time. Enter day and time of counting, such as 2026-03-01 14:30, or leave it empty.',
    'zh-CN':
      '第 {row} 行，SKU {sku}：“{value}”不是有效的时间。请填写盘点的日期和时刻，例如 2026-03-01 14:30，或留空。',
  },
  'count.row-future': {
    'en-US':
      'Row {row}, SKU {sku}: the time of counting, {at}, is still to come. Check the date and the time zone.',
    'zh-CN': '第 {row} 行，SKU {sku}：盘点时间 {at} 还没到。请检查日期和时区。',
  },
  'count.row-bad-cost': {
    'en-US':
      'Row {row}, SKU {sku}: "{value}" is no unit cost. Enter an amount such as 12.50, or leave it empty.',
    'zh-CN': '第 {row} 行，SKU {sku}：“{value}”不是有效的单位成本。请填写金额，例如 12.50，或留空。',
  },
  'count.row-duplicate': {
    'en-US':
      'Row {row}, SKU {sku}: it is also counted in row {others}. Keep one of them, or choose that counts of several places are added up.',
    'zh-CN':
      '第 {row} 行，SKU {sku}：第 {others} 行也有同一商品。请只保留一行，或在节点设置中选择“多处盘点相加”。',
  },
  'count.row-part-refused': {
    'en-US': 'Row {row}, SKU {sku}: row {others} of the same SKU cannot be used, so the sum would be wrong.',
    'zh-CN': '第 {row} 行，SKU {sku}：同一商品的第 {others} 行无法使用，合计会出错。',
  },
  'count.row-times-differ': {
    'en-US':
      'Row {row}, SKU {sku}: rows {others} were counted at other times, and units may have moved in between. Give all of them one time.',
    'zh-CN':
      '第 {row} 行，SKU {sku}：与第 {others} 行的盘点时间不同，其间库存可能有变动。请统一时间后重新盘点。',
  },
  'count.row-empty': {
    'en-US': 'Row {row}, SKU {sku}: no count was entered, so nothing was changed.',
    'zh-CN': '第 {row} 行，SKU {sku}：没有填写实盘数量，库存未作改动。',
  },
  'count.not-on-sheet': {
    'en-US': 'SKU {sku} is in pool {pool} with {expected} units, but not on the sheet; nothing was changed.',
    'zh-CN': 'SKU {sku} 在库存池 {pool} 中有 {expected} 件，但盘点表上没有；库存未作改动。',
  },
  'count.superseded': {
    'en-US':
      'SKU {sku} was counted again later, at {at} (sheet {count}); that count holds, and this one changes nothing.',
    'zh-CN': 'SKU {sku} 之后又盘点过（{at}，盘点单 {count}），以那次为准，本次不作改动。',
  },
  'count.set-since': {
    'en-US':
      'SKU {sku}: what is on hand was entered anew since this count, so it changes nothing. Count again if in doubt.',
    'zh-CN': 'SKU {sku}：本次盘点之后有人重新录入过在库数，本次不作改动。如有疑问请重新盘点。',
  },
  'count.changed': {
    'en-US':
      'SKU {sku}: the difference is now {difference}, not {before}, because another count was booked. Look at it again before you approve.',
    'zh-CN': 'SKU {sku}：由于另一次盘点已入账，差异从 {before} 变为 {difference}。请重新确认后再批准。',
  },
  'count.above-units': {
    'en-US':
      'SKU {sku}: {counted} counted, {expected} expected, a difference of {difference} (up to {most} units are corrected at once). A second person has to approve it.',
    'zh-CN':
      'SKU {sku}：实盘 {counted}，账面 {expected}，差异 {difference}（{most} 件以内自动更正）。需要另一个人批准。',
  },
  'count.above-percent': {
    'en-US':
      'SKU {sku}: {counted} counted, {expected} expected, a difference of {difference} (up to {most} % is corrected at once). A second person has to approve it.',
    'zh-CN':
      'SKU {sku}：实盘 {counted}，账面 {expected}，差异 {difference}（{most}% 以内自动更正）。需要另一个人批准。',
  },
  'count.above-value': {
    'en-US':
      'SKU {sku}: {counted} counted, {expected} expected, a difference of {difference} worth {value} (up to {most} is corrected at once). A second person has to approve it.',
    'zh-CN':
      'SKU {sku}：实盘 {counted}，账面 {expected}，差异 {difference}，金额 {value}（{most} 以内自动更正）。需要另一个人批准。',
  },
  'count.unknown': {
    'en-US': 'There is no count sheet {id}.',
    'zh-CN': '没有编号为 {id} 的盘点单。',
  },
  'count.still-open': {
    'en-US':
      'Count sheet {id} is still being taken in. If that was interrupted, send the same file again first.',
    'zh-CN': '盘点单 {id} 还在录入中。如果录入曾中断，请先重新发送同一个文件。',
  },
  'count.nothing-waits': {
    'en-US': 'On count sheet {id} none of these lines waits for approval.',
    'zh-CN': '盘点单 {id} 的这些行都不需要批准。',
  },
  'count.second-person': {
    'en-US':
      'Count sheet {id} was counted by {actor}. Somebody else has to approve or reject it, by name (msg.actor).',
    'zh-CN': '盘点单 {id} 由 {actor} 盘点，须由另一个人批准或驳回，并写明姓名（msg.actor）。',
  },
  'count.bad-line-list': {
    'en-US': 'The lines must be a list of 1 to {most} line numbers; leave them out for all lines that wait.',
    'zh-CN': '“lines”必须是 1 到 {most} 个行编号的列表；不填表示所有待批准的行。',
  },
  'count.bad-text': {
    'en-US': '{field} must be text of 1 to {most} characters.',
    'zh-CN': '“{field}”必须是 1 到 {most} 个字符的文本。',
  },
  'count.bad-threshold': {
    'en-US': '"{value}" is no limit for {field}. Enter a number from 0 on, or leave it empty for no limit.',
    'zh-CN': '“{field}”的值“{value}”无效。请填写不小于 0 的数字，或留空表示不限。',
  },
  'count.bad-zone': {
    'en-US': '"{zone}" is no time zone. Enter one such as Asia/Shanghai or Europe/Berlin.',
    'zh-CN': '“{zone}”不是有效的时区。请填写例如 Asia/Shanghai。',
  },
});
