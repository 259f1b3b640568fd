import type { orders as english } from '../en/orders.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Orders, recipes, and what identities and input may be. */
export const orders: Like<typeof english> = {
  'order.unknown': {
    means: '这里没有这个名称的工单。名称写法不同，或从未在本工站导入。',
    steps: ['将名称与单据对照。', '若名称正确，请呼叫线长。'],
    lead: '在“{orders}”屏幕上：工单列表。若缺少该工单，请导入其文件。',
  },
  'order.full': {
    means: '工单要求的数量已全部制造。工单限定了身份的数量，不能再多。',
    steps: ['把产品放回未制造的一堆。', '开始下一个工单，或呼叫线长。'],
    lead: '在“{orders}”屏幕上：已完成数和订购数。要做更多产品，需要另一个工单。',
  },
  'order.closed': {
    means: '工单已关闭，不再制造它的产品。',
    steps: [say.aside, say.lead],
    lead: '在“{audit}”屏幕上按工单查找：由谁关闭，何时关闭。在“{orders}”屏幕上：线长可以重新打开它。',
  },
  'order.not-armed': {
    means: '尚未比对工站的密钥是否就是云端用于该工单的密钥。密钥不对，每件产品都白做。',
    steps: [say.notYet, say.lead],
    lead: '在“{orders}”屏幕上：趁有网络时启用工单，届时会进行比对。没有网络时，线长可以直接接受，这一点会一直显示。',
  },
  'order.key-differs': {
    means: '云端该组的密钥或 CA 与本工站将使用的不同。用它制造的每件产品都会被云端拒绝。',
    steps: [say.stop, say.both],
    lead: '在“{hsm}”屏幕上：密钥的校验值。在“{issuers}”屏幕上：颁发者的指纹。与云端的组对照。两者之一已更新过。',
  },
  'order.not-comparable': {
    means: '无法询问该目标使用哪个密钥，因此工站不能自行比对。',
    steps: [say.notYet, say.lead],
    lead: '在目标自己的门户中人工比对。然后在“{orders}”屏幕上接受；此举会被记录。',
  },
  'export.no-entries': {
    means: '出生证明记录产品经历过什么，而这件产品还没有任何经历。',
    steps: ['检查序列号。', '先运行该产品。'],
    lead: '在“{orders}”屏幕上：该产品的状态。',
  },
  'recipe.not-approved': {
    means: '配方是新的或改过，尚未得到两个人的同意。配方决定密钥，因此一个人不能使其生效。',
    steps: [say.notYet, say.lead],
    lead: '在“{recipes}”屏幕上：与上一版本的差异。由线长和安全员批准。',
  },
  'recipe.unsupported': {
    means: '配方要求了本工站或这类配方做不到的事。消息中写明了是什么。',
    steps: [say.stop, say.lead],
    lead: '在“{recipes}”屏幕上：检查配方；每个问题都会连同位置一起显示。',
  },
  'identity.invalid': {
    means: '由工单和配方得出的注册 ID 违反云服务的规则，会被拒绝。',
    steps: ['记下序列号和此代码。', say.lead],
    lead: '在“{orders}”屏幕上：工单中的那一行。规则见消息；须更正文件或配方中的模板。',
  },
  'identity.taken': {
    means: '另一件产品已使用此注册 ID。两台设备用同一 ID 会互相排斥。',
    steps: [say.aside, say.lead],
    lead: '在“{recipes}”屏幕上：ID 如何由工单文件得出。若两行得出同一 ID，须在文件中更正；大写与小写视为相同。',
  },
  'identity.erased': {
    means: '该序列号、MAC 或 ID 属于一件记录已被删除的产品。它不会再次分配，以免新产品被当成旧产品。',
    steps: [say.aside, say.asks],
    lead: '在“{audit}”屏幕上：关于删除的条目。该产品需要新标签。',
  },
  'input.invalid': {
    means: '键入、扫描或从文件读取的内容不符合要求。消息中写明了位置、应为什么、实际是什么。',
    steps: ['到消息所写的位置更正。', '再做一次。', '若来自文件，请让制作文件的人更正。'],
    lead: '检查文件本身。没有采用其中任何内容：输入要么全部采用，要么全不采用。',
  },
  'input.unknown-call': {
    means: '屏幕向工站请求了它不认识的内容。屏幕与工站的版本不同。',
    steps: ['重新加载页面（Ctrl+R）。', say.leadIf],
    lead: '看本帮助屏幕“关于”中的版本。更新之后必须重新启动工站。',
  },
  'order.file-refused': {
    means: '文件中有些行不符合要求。没有创建任何内容：工单要么全部采用，要么全不采用。',
    steps: ['查看屏幕显示的错误行。', '让制作文件的人更正。', '重新导入。'],
    lead: '在“{orders}”屏幕上：每个错误行，以及应为什么、实际是什么。',
  },
  'order.file-unreadable': {
    means: '该文件不是 UTF-8 文本，或大于 10 MB。常见的是电子表格自身的格式，或用了较旧的编码。',
    steps: ['在原来的程序中另存为 UTF-8 编码的 CSV。', '重新选择该文件。'],
    lead: '询问制作工单文件的人：用的是什么编码，这么大的工单能否拆分。',
  },
  'recipe.unknown': {
    means: '工站没有这一内容的配方。可能屏幕上的列表较旧，或配方是在另一个工站制作的。',
    steps: ['重新加载配方列表。', '在列表中选择配方，或选择配方所在的文件。'],
    lead: '在“{recipes}”屏幕上：本工站的配方。其他工站的配方以文件带来，并由两个人在此批准。',
  },
  'recipe.version-taken': {
    means: '配方的一个版本永远对应一种内容，因为已用它制造产品。内容不同就要用另一个版本。',
    steps: ['给配方下一个版本号。', '重新保存。'],
    lead: '在“{recipes}”屏幕上：该配方的各个版本，以及它们之间的差异。',
  },
};
