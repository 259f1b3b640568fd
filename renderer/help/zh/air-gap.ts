import type { airGap as english } from '../en/air-gap.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Bundles and receipts, which are carried over an air gap. */
export const airGap: Like<typeof english> = {
  'bundle.no-applier': {
    means: '离线包是为一个应用端（即负责发送的计算机）加密的。尚未告诉本工站是哪一个。',
    steps: ['先不要制作离线包。', say.officer],
    lead: '由两个人指定应用端：用其文件，并从另一来源取得其指纹。',
  },
  'bundle.fingerprint': {
    means: '含应用端密钥的文件与指纹所对应的不是同一个。调换它的人会得到所有产品的密钥。',
    steps: ['检查输入的内容。', '若输入无误，请经另一途径重新取得文件。', say.officer],
    lead: '打电话给认识的人，由其读出应用端自身屏幕上的指纹。',
  },
  'bundle.nothing': {
    means: '全部内容都已发送，或已在离线包中途，没有需要携带的。',
    steps: ['不要制作离线包：没有可放入的内容。', '继续工作。'],
    lead: '在“{cloud}”屏幕上：积压情况，以及尚未完结的离线包。',
  },
  'bundle.busy': {
    means: '正在制作一个离线包。同时再做一个会包含同样的行。',
    steps: ['等它完成。', '然后再做下一个。'],
    lead: '在“{cloud}”屏幕上：离线包列表。',
  },
  'bundle.unknown': {
    means: '没有此编号的未完结离线包：其回执已接收、已过期，或编号有误。',
    steps: ['在离线包列表中查编号。', '用正确的编号再做一次。'],
    lead: '在“{cloud}”屏幕上：各离线包及其状态。',
  },
  'bundle.forged': {
    means: '签名无效：文件在途中被更改，或来自他人。未对其做任何处理。',
    steps: ['从制作它的地方重新复制文件。', '若结果相同，请保留介质并呼叫安全员。'],
    lead: '由谁携带介质，途中是否到过别处。对照两侧文件的哈希值。',
  },
  'bundle.foreign': {
    means: '文件没有问题，但不是给这里的。',
    steps: ['查看是否拿错了文件。', '送到消息所写的对象那里。'],
    lead: '工站指定的是哪个应用端。',
  },
  'bundle.unknown-station': {
    means: '应用端不认识制作此离线包的工站，不接受陌生工站的内容。',
    steps: ['让离线包留在原处。', say.officer],
    lead: '取得该工站的公开文件，并经另一途径取得其指纹；然后在应用端上信任它。',
  },
  'bundle.trusted-otherwise': {
    means: '应用端认识该工站，但用的是另一个密钥。工站的密钥从不自行更改。',
    steps: ['让离线包留在原处。', say.officer],
    lead: '该工站是否重新设置过。若无人知道原因，按遭到攻击处理。',
  },
  'bundle.expired': {
    means: '离线包放置过久。内容可能已过时，因此不发送其中任何内容。其中的行会回到工站的队列。',
    steps: ['在工站上制作新的离线包。', '尽快送达。'],
    lead: '在“{cloud}”屏幕上：何时过期。制作离线包时要写明有效天数，最多 90 天。',
  },
  'bundle.replayed': {
    means: '已接收过该工站更新的离线包，这一个会撤销之后的内容。',
    steps: ['把该离线包收起来。', '送来最新的一个。'],
    lead: '是否有旧介质留在外面，或有人故意送来旧的离线包。',
  },
  'bundle.gap': {
    means: '在这个离线包与上一个之间缺少一个。缺少的内容将永远不会到达。',
    steps: ['找到缺少的离线包，先送来。', '若已丢失，请呼叫线长。'],
    lead: '在工站的“{cloud}”屏幕上：未完结时可以重新写出其文件。若已彻底丢失，应用端可以接受这一缺口；这些行以后会重新发送。',
  },
  'bundle.older-head': {
    means: '该工站的审计日志比以前短或内容不同：正在使用工站的旧副本，其序列号会被使用两次。',
    steps: ['停止该工站。', say.officer],
    lead: '在该工站的“{audit}”屏幕上：最新的树头。找到正确的数据库。',
  },
  'bundle.no-applier-folder': {
    means: '所指文件夹中没有应用端。',
    steps: [say.folder, '若从未有过，请建立一个。'],
    lead: '做法见命令行：birthmark applier --help。',
  },
  'receipts.unknown': {
    means: '这些回执不对应本工站制作的任何离线包。',
    steps: ['查看它们是否属于另一个工站。', '送来正确的文件。'],
    lead: '在“{cloud}”屏幕上：未完结的离线包。',
  },
  'receipts.stale': {
    means: '已接收过同一离线包更新的回执。旧回执会使列表倒退。',
    steps: ['把该文件收起来。', '送来最新的回执。'],
    lead: '消息中写明了最后接收的编号。在“{cloud}”屏幕上：该离线包是否已完结。',
  },
  'receipts.partial': {
    means: '回执没有涵盖离线包的每一行。文件缺了一部分。',
    steps: ['从应用端重新复制文件。', say.leadIf],
    lead: '让应用端重新写出该离线包的回执。',
  },
};
