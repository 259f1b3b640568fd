import type { tpm as english } from '../en/tpm.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The TPM of a unit, its endorsement key, and that key's certificate. */
export const tpm: Like<typeof english> = {
  'tpm.missing': {
    means: '产品内没有应答的 TPM：未贴装、在固件中被关闭，或无法启动。',
    steps: [say.reseat, say.again, say.asideIf],
    lead: '若一个批次中有许多件如此：检查其固件是否启用了 TPM，以及工单的配方是否正确。',
  },
  'tpm.version': {
    means: '该 TPM 属于 2.0 之前的版本，云服务无法用它注册设备。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '检查物料清单：贴装的 TPM 与订购的不同。这些产品不能用此配方制造。',
  },
  'tpm.failure-mode': {
    means: 'TPM 自检失败，不再应答其他请求。它已损坏。',
    steps: [say.aside, say.notAgain, '送去返工：必须更换 TPM。'],
    lead: '在“{audit}”屏幕上：有多少件产品如此。已注册过的产品换了 TPM 就是新设备。',
  },
  'tpm.lockout': {
    means: 'TPM 收到了错误的授权，正在自我保护。经过制造商设定的时间后会恢复应答。',
    steps: ['让产品保持通电；断电会延长锁定。', '先做其他产品。', '锁定结束后重新扫描。', say.asideIf],
    lead: '在“{hsm}”屏幕上：配方指定的机密是何时设置的。由安全员设置正确的机密，以免更多 TPM 锁定。',
  },
  'tpm.auth': {
    means: 'TPM 要求授权，而工站持有的授权是错的。每多试一次，TPM 就离锁定更近。',
    steps: ['不要再扫描该批次的产品。', say.aside, say.lead],
    lead: '在“{recipes}”屏幕上：配方指定的是哪个机密。在“{hsm}”屏幕上：它是何时设置的。由安全员设置正确的机密。',
  },
  'tpm.refused': {
    means: 'TPM 拒绝了一条命令，并给出消息中的代码。它可能已满、正忙，或设置与配方预期的不同。',
    steps: [say.again, say.asideIf],
    lead: '在“{audit}”屏幕上：若每件产品都是同一代码，说明配方不适合这种 TPM。',
  },
  'tpm.garbled': {
    means: 'TPM 的应答在此处不符合 TPM 规范。原因可能是线路受干扰或固件有缺陷。',
    steps: [say.reseat, say.again, say.asideIf],
    lead: '若总是同一命令的同一位置，是转发应答的固件有问题。',
  },
  'tpm.key-refused': {
    means: 'TPM 出示或生成的密钥缺少必需的属性，例如永远不能离开 TPM。这样的密钥什么也证明不了。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '看消息中的规则。若整批如此，说明这些 TPM 先前被别人设置过。',
  },
  'tpm.name-differs': {
    means: 'TPM 给密钥的名称与密钥不符。真正的 TPM 不会这样：应答的是别的东西。',
    steps: [say.aside, say.notAgain, say.both],
    lead: '在“{audit}”屏幕上按该序列号查找：该产品的每次运行。保留产品作为证据。',
  },
  'tpm.not-activated': {
    means: '工站给出的质询只有所出示背书密钥的持有者才能解开，而这个 TPM 解不开。密钥是从别的 TPM 复制来的。',
    steps: [say.aside, say.notAgain, say.both],
    lead: '在“{audit}”屏幕上：以前哪件产品使用过该背书密钥。保留产品作为证据。',
  },
  'ek.certificate-missing': {
    means: '配方要求用 TPM 制造商的证书证明 TPM 是真的，而该 TPM 没有证书。',
    steps: [say.aside, say.goOn, say.lead],
    lead: '有些制造商将证书或密钥清单与芯片分开提供。由两个人在命令行导入这样的清单，“{hsm}”屏幕会显示它；然后重新扫描产品。',
  },
  'ek.certificate-unreadable': {
    means: 'TPM 中有证书，但已损坏，或格式不符合要求。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '看消息中的位置。若整批如此，请询问 TPM 制造商。',
  },
  'ek.certificate-expired': {
    means: '按本工站的时钟，该证书尚未生效或已过期。不是时钟不准，就是 TPM 太旧。',
    steps: ['查看屏幕显示的时间。', '若时间不对，请停下并呼叫线长。', '若时间正确，给产品标上此代码，并隔离。'],
    lead: '先检查时钟。若时钟正确，说明 TPM 的库存时间超过了证书的有效期。',
  },
  'ek.certificate-self-signed': {
    means: '没有人为这张证书作保，只有它自己，因此任何人都可能制作它。',
    steps: [say.aside, say.notAgain, say.both],
    lead: '该批次的 TPM 是从哪里购买的。保留产品作为证据。',
  },
  'ek.certificate-other-key': {
    means: '该证书属于另一个 TPM，而不是出示它的这个。证书是复制来的。',
    steps: [say.aside, say.notAgain, say.both],
    lead: '在“{audit}”屏幕上：是否有另一件产品出示过这张证书。保留产品作为证据。',
  },
  'ek.certificate-usage': {
    means: '该证书不是为背书密钥签发的，因此不能说明这是 TPM。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '看消息中的规则。若整批如此，请询问 TPM 制造商。',
  },
  'ek.certificate-chain': {
    means: '从 TPM 到其制造商根证书之间，有一张证书违反规则，因此证书链什么也证明不了。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '看消息指的是哪张证书。若是制造商自己的证书，由安全员向制造商索取正确的证书。',
  },
  'ek.root-unknown': {
    means: '证书没有问题，但它追溯到的制造商不在配方中。',
    steps: [say.aside, say.goOn, say.asks],
    lead: '是否信任该制造商由安全员决定：将其根证书放入工站的 tpm-roots 文件夹，并在“{recipes}”屏幕上用新版本的配方指定它。',
  },
  'ek.software': {
    means: '该 TPM 是程序而不是芯片。它的密钥可以复制，因此生产模式从不接受。',
    steps: [say.aside, say.notAgain, say.both],
    lead: '是否有测试版固件流入了产线。',
  },
  'ek.not-genuine-enough': {
    means: '配方对 TPM 真伪的要求低于生产模式的要求，因此不能用它制造任何产品。',
    steps: [say.stop, say.lead],
    lead: '在“{recipes}”屏幕上：建立要求证书的新版本配方。由两个人批准。',
  },
  'ek.taken': {
    means: '两件产品出示了相同的背书密钥，而每个 TPM 的背书密钥都是独有的。其中一件是复制品。该工位不再接受产品。',
    steps: [say.bothAside, say.lead, say.released],
    lead: '在“{audit}”屏幕上按两个序列号查找：哪一件先来。由安全员保留两件产品作为证据。',
  },
  'ek.changed': {
    means:
      '这件产品以前来时用的是另一个 TPM。云端按 TPM 识别设备，因此这是同一标签下的另一台设备。该工位不再接受产品。',
    steps: [say.aside, say.lead, say.released],
    lead: '是否在返工时更换了 TPM。若是，由两个人报废旧产品（birthmark units scrap），并给电路板新的序列号。',
  },
  'ek.public-sample': {
    means: '该背书密钥作为示例刊登在公开文档中，人人都知道它的私钥部分。',
    steps: [say.aside, say.notAgain, say.both],
    lead: '是否有模拟器或示例映像流入了产线。',
  },
  'ek.not-listed': {
    means:
      'TPM 制造商的供货密钥清单中没有这个密钥。要么清单属于另一批供货，要么该 TPM 不是来自该制造商。该工位不再接受产品。',
    steps: [say.aside, say.lead, say.released],
    lead: '在“{hsm}”屏幕上：导入了哪些清单，对应哪批供货。若缺少本批供货的清单，由两个人导入。',
  },
  'ek.other-id': {
    means: '制造商的清单已给这个 TPM 一个注册 ID，而配方会给它另一个。一台设备不得有两个。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '消息中写明了是哪个清单。将它与“{recipes}”屏幕上的配方对照，决定采用哪一个 ID。',
  },
};
