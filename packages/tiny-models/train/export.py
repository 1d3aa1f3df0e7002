"""Writes both models as GGUF (F16, F32 norms), with one and the same token list.

python export.py --base build/base.pt --aligned build/aligned.pt --out ..
"""
import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch

from tokens import BOS, EOS, PATH, SPECIALS

# No bos_token in the template: add_bos_token already puts it in front.
TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\n' + message['content'] + '<|endoftext|>\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)
NAMES = {"attn_norm": "attn_norm", "ffn_norm": "ffn_norm", "q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output", "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down"}


def write(path, checkpoint, name, description, aligned):
    saved = torch.load(checkpoint)
    s, state = saved["shape"], saved["state"]
    w = gguf.GGUFWriter(path, "llama")
    w.add_name(name)
    w.add_author("The Unshift project")
    w.add_description(description)
    w.add_license("mit")
    w.add_context_length(s["context"])
    w.add_embedding_length(s["dim"])
    w.add_block_count(s["layers"])
    w.add_feed_forward_length(s["ff"])
    w.add_head_count(s["heads"])
    w.add_head_count_kv(s["heads"])
    w.add_layer_norm_rms_eps(s["eps"])
    w.add_rope_dimension_count(s["dim"] // s["heads"])
    w.add_rope_freq_base(s["rope"])
    w.add_vocab_size(s["vocab"])
    w.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    w.add_quantization_version(gguf.GGML_QUANT_VERSION)
    bpe = json.loads(PATH.read_text())["model"]
    tokens = sorted(bpe["vocab"], key=bpe["vocab"].get)
    assert [bpe["vocab"][t] for t in tokens] == list(range(s["vocab"])) and tokens[: len(SPECIALS)] == SPECIALS
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("gpt-2")
    w.add_token_list(tokens)
    w.add_token_types([gguf.TokenType.CONTROL if i < len(SPECIALS) else gguf.TokenType.NORMAL for i in range(len(tokens))])
    w.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in bpe["merges"]])
    w.add_bos_token_id(BOS)
    w.add_eos_token_id(EOS)
    if aligned:
        w.add_eot_token_id(EOS)
        w.add_chat_template(TEMPLATE)
    w.add_add_bos_token(True)
    w.add_add_eos_token(False)
    w.add_add_space_prefix(False)
    half = lambda t: t.numpy().astype(np.float16)
    w.add_tensor("token_embd.weight", half(state["embed"]))
    w.add_tensor("output_norm.weight", state["norm"].numpy().astype(np.float32))
    for i in range(s["layers"]):
        for key, target in NAMES.items():
            t = state[f"blocks.{i}.{key}"]
            w.add_tensor(f"blk.{i}.{target}.weight", t.numpy().astype(np.float32) if t.ndim == 1 else half(t))
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--base", default="build/base.pt")
    p.add_argument("--aligned", default="build/aligned.pt")
    p.add_argument("--out", type=Path, default=Path(".."))
    a = p.parse_args()
    write(a.out / "tiny-base.gguf", a.base, "Unshift tiny base", "Small base model of the Unshift project, trained from scratch on generated text.", False)
    write(a.out / "tiny-aligned.gguf", a.aligned, "Unshift tiny aligned", "Unshift tiny base after supervised fine-tuning as a chat assistant.", True)
