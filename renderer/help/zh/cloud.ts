import type { cloud as english } from '../en/cloud.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The cloud, uploads, and files for whoever enrols by hand. */
export const cloud: Like<typeof english> = {
  'cloud.unreachable': {
    means: '目前无法连到云端。产品照常制造；上传会等待，并自动继续。',
    steps: ['继续工作。', '若持续时间超过工厂允许的限度，请告知线长。'],
    lead: '在“{cloud}”屏幕上：从何时开始，以及原因。在那里检查连接；它会依次说明名称、路由、证书和权限。',
  },
  'cloud.throttled': {
    means: '云端收到的调用超过其允许的数量，因此要求暂停。工站会照办。',
    steps: [say.workOn, '若持续数小时，请告知线长。'],
    lead: '在“{cloud}”屏幕上：调用预算。若其他工站也使用同一服务，请调低。',
  },
  'cloud.failed': {
    means: '云端自身有故障。工站会自动重试，间隔越来越长。',
    steps: [say.workOn, '若持续数小时，请告知线长。'],
    lead: '在“{cloud}”屏幕上：从何时开始。然后查看该服务的状态页。',
  },
  'cloud.refused': {
    means: '云端不让本工站进入：凭据已过期、缺少权限，或被过滤规则阻挡。在有人查看之前，上传停止。',
    steps: [say.uploadsWait, say.lead],
    lead: '在“{cloud}”屏幕上：建议按可能性排列：凭据、权限、地址过滤、时钟。在那里检查连接。',
  },
  'cloud.rejected': {
    means: '云端拒绝了这一条，再发还会拒绝。其他条目继续上传。',
    steps: ['继续做其他产品。', say.lead],
    lead: '在“{cloud}”屏幕上：等待的行及服务的错误编号。消除原因后重新发送，或放弃该行。',
  },
  'cloud.malformed': {
    means: '返回的内容不是该服务的应答。常见原因是中间有代理或网络登录页。按未完成处理，并会重试。',
    steps: [say.workOn, '若一直如此，请告知线长。'],
    lead: '在“{cloud}”屏幕上：检查连接。对端出示的是谁的证书？',
  },
  'cloud.different': {
    means: '有人用同一 ID 建立了条目。它可能是另一台设备，因此工站不会覆盖。',
    steps: ['若产品还在这里，请隔离。', say.lead],
    lead: '在“{cloud}”屏幕上：云端现有的内容，以及本应有的内容。替换需要两个人；放弃则保留对方的条目。',
  },
  'cloud.no-group': {
    means: '配方指定的注册组不在云端，其设备都无法注册。',
    steps: [say.stop, say.lead],
    lead: '请该组的所有者创建它。然后在“{orders}”屏幕上再次比对该工单。',
  },
  'cloud.by-hand': {
    means: '该目标只接受由人在其自己的门户中进行这类更改。',
    steps: ['保持原样。', say.lead],
    lead: '在目标的门户中完成，然后在“{cloud}”屏幕上放弃该行。',
  },
  'cloud.private-key': {
    means: '一条发往云端的消息含有私钥，而私钥绝不外发。消息在发出前已被拦截。这是本程序的错误。',
    steps: [say.stop, say.officer],
    lead: '在“{cloud}”屏幕上：该行。连同代码一起报告；密钥本身不会显示在任何地方。',
  },
  'cloud.too-large': {
    means: '配方要注册的内容超过服务允许的大小，通常是因为属性太多。',
    steps: [say.stop, say.lead],
    lead: '在“{recipes}”屏幕上：配方中的初始孪生。将其缩小，并批准新版本。',
  },
  'cloud.key-in-body': {
    means: '一条发往云端的消息在不该出现的位置含有密钥或连接字符串。消息在发出前已被拦截。',
    steps: [say.stop, say.officer],
    lead: '在“{recipes}”屏幕上：配方中是否有文本含有机密。若没有，请连同代码一起报告。',
  },
  'cloud.not-configured': {
    means: '没有告诉本工站应连接哪个云，或没有给它相应的凭据。',
    steps: [say.uploadsWait, say.lead],
    lead: 'station.json 中的云连接。凭据在工站启动时给出。',
  },
  'webhook.unreachable': {
    means: '无法连接到接收结果的系统。产品照常生产，待通知的内容按顺序等待。',
    steps: [say.workOn, '若持续数小时，告知线长。'],
    lead: '在“{cloud}”屏幕上或用 birthmark mes status 查看原因。然后检查接收方、其证书和网络。',
  },
  'webhook.failed': {
    means:
      '接收结果的系统拒绝了一条消息。消息会越来越慢地重发；被拒绝 16 次后等待人工处理，同一产品之后的消息也在其后等待。',
    steps: [say.workOn, say.lead],
    lead: '在“{cloud}”屏幕上查看接收方的回答。在接收方修复后全部重新发送，或放弃该消息（birthmark mes status、retry、discard 作用相同）。',
  },
  'sync.not-parked': {
    means: '要决定的这一行已不再等待：别人已经决定，或它已经发送。',
    steps: ['重新加载列表。', say.look],
    lead: '在“{audit}”屏幕上：由谁做了决定。',
  },
  'sync.not-replaceable': {
    means: '只有云端已有另一条目的行才能替换。这一行等待的是别的原因。',
    steps: ['阅读该行的原因。', '重新发送或放弃它。'],
    lead: '在“{cloud}”屏幕上：该行的原因。',
  },
  'sync.changed': {
    means: '您查看之后，云端的条目又被更改。两个人同意舍弃的是当时看到的那一条，而不是别的。',
    steps: ['重新查看该行。', say.look],
    lead: '在“{cloud}”屏幕上：云端现在的内容。查明还有谁在更改这些设备的条目。',
  },
  'group.unknown': {
    means: '本工站没有工单属于这个名称的组，因此这里无事可做。',
    steps: ['将名称与配方对照。', '用正确的名称再做一次。'],
    lead: '在“{recipes}”屏幕上：各配方指定的组。',
  },
  'folder.failed': {
    means: '无法写入存放注册文件或已签树头的文件夹。不会丢失任何内容；一旦可写，会自动继续。',
    steps: ['继续工作。', say.lead],
    lead: '在“{cloud}”屏幕上：原因。可能是磁盘已满、网络共享断开，或权限被收回。',
  },
  'folder.changed': {
    means: '工站写入的一个文件内容变了。有人编辑过它，或磁盘已损坏。它不会被覆盖，以免丢失内容。',
    steps: ['让该文件保持原样。', say.lead],
    lead: '将文件与“{cloud}”屏幕上的列表对照，把文件移开，然后重新发送该行。',
  },
  'folder.key': {
    means: '配方中有只能由云端和产品知道的密钥，而文件任何拿到的人都能读。',
    steps: [say.stop, say.lead],
    lead: '在“{recipes}”屏幕上：在配方中换用别的目标，或用加密的离线包跨越隔离网络携带。',
  },
};
