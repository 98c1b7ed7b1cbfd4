"""Any backbone of the package timm as a network of the laboratory: `timm:resnet18`.

timm (Wightman 2019, github.com/huggingface/pytorch-image-models) is optional. A backbone keeps its
own stride, its own BatchNorm settings and the names of its parameters, so that its published
weights load unchanged. A strategy freezes or trains its layers, from the stem to the last. Its own
classifier is replaced by a linear head.
"""

import hashlib
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.command import UserError, install
from training.choices import RecipeName
from training.networks import weights
from training.networks.architectures import Architecture, Shape
from training.networks.weights import RECIPES, Weights

PREFIX = "timm:"
HEAD = "words"  # name of the linear head, which no backbone of timm has


@cache  # it builds the network once to learn its sizes
def find(name: str) -> Architecture:
    """The architecture `timm:NAME`.

    Raises:
        UserError: when timm is not installed, has no such network, or it does not fit 28×28 images
            in gray.
    """
    timm = _timm()
    known = name.removeprefix(PREFIX)
    if known not in timm.list_models():
        close = get_close_matches(known, timm.list_models(), n=3, cutoff=0.5)
        raise UserError(
            f"timm has no network {known!r}",
            f"Did you mean {' or '.join(PREFIX + each for each in close)}?"
            if close
            else "timm.list_models() names all",
        )
    plain = timm.create_model(known, num_classes=0, in_chans=1)
    stem, classifier = plain.pretrained_cfg["first_conv"], plain.pretrained_cfg["classifier"]
    return Architecture(
        f"{known} of timm",
        lambda shape: _made(known, shape),
        _maps,
        _groups,
        f"{stem[0] if isinstance(stem, tuple) else stem}.weight",
        HEAD,
        plain.head_hidden_size,
        sum(parameter.numel() for parameter in plain.parameters()),
        strided=False,
        own_batchnorm=True,
        classifiers=classifier if isinstance(classifier, tuple) else (classifier,),
    )


def pretrained(name: str) -> Weights:
    """timm's published weights of a backbone, downloaded to its cache on first use.

    Raises:
        UserError: when there are none, or they cannot be downloaded.
    """
    timm = _timm()
    try:
        tensors = timm.create_model(name.removeprefix(PREFIX), pretrained=True).state_dict()
    except (OSError, RuntimeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UserError(
            f"cannot get timm's weights of {name}: {reason}",
            "Try again, or give a checkpoint at hand with --weights FILE",
        ) from error
    return Weights(tensors, RECIPES["torchvision"], _digest(tensors))


def imagenet(network: str, file: Path | None, recipe: RecipeName) -> Weights:
    """ImageNet weights of B0 or of a backbone of timm: from a file, or else downloaded.

    Raises:
        UserError: when the file is damaged or the download fails.
    """
    if file is None and network.startswith(PREFIX):
        return pretrained(network)
    return weights.imagenet(file, recipe)


def _timm() -> Any:
    try:
        import timm
    except ImportError as error:
        raise UserError(
            "a network of timm is asked for, and timm is not installed",
            f"Install it: {install('timm')}",
        ) from error
    return timm


def _made(name: str, shape: Shape) -> Any:
    """A backbone with a linear head, which accepts images of the shape's side."""
    timm, wanted = _timm(), {"num_classes": 0, "in_chans": shape.channels, "drop_rate": 0.0}
    try:
        body = timm.create_model(name, img_size=shape.side, **wanted)
    except TypeError:  # only networks of a fixed image size have this parameter
        body = timm.create_model(name, **wanted)
    body.add_module(HEAD, nn.Linear(body.head_hidden_size, shape.width))
    try:
        with torch.no_grad():
            _maps(body.eval(), torch.zeros(1, shape.channels, shape.side, shape.side))
    except (RuntimeError, AssertionError, ValueError) as error:
        raise UserError(
            f"{name} cannot see images of {shape.side}×{shape.side}: {error}",
            "Enlarge them (--settings.side 56 or 112), or choose another network",
        ) from error
    return body


def _maps(body: Any, bitmaps: Tensor) -> Tensor:
    """Features before the classifier, pooled in the network's own way: (N, features, 1, 1)."""
    return body.forward_head(body.forward_features(bitmaps), pre_logits=True)[:, :, None, None]


def _groups(body: Any) -> tuple[list[nn.Module], list[nn.Module], list[nn.Module]]:
    """The stem, and each further layer as a block, by timm's own division into layers.

    Raises:
        UserError: if parameters belong to no layer or to a layer's outside.
    """
    from timm.models import group_modules

    layers: dict[int, list[nn.Module]] = {}
    for layer, names in group_modules(body, body.group_matcher(coarse=False)).items():
        found = [body.get_submodule(name) for name in names if not name.startswith(HEAD)]
        own = [module for module in found if any(True for _ in module.parameters())]
        if own:
            layers[layer] = own
    held = {id(p) for modules in layers.values() for m in modules for p in m.parameters()}
    loose = [n for n, p in body.named_parameters() if id(p) not in held and HEAD not in n]
    if loose:
        raise UserError(
            f"timm does not say to which layer {', '.join(loose[:3])} belongs",
            "Choose a convolutional network",
        )
    stem, *blocks = [layers[layer] for layer in sorted(layers)]
    return stem, [nn.ModuleList(block) for block in blocks], []


def _digest(tensors: dict[str, Tensor]) -> str:
    found = hashlib.sha256()
    for name in sorted(tensors):
        found.update(name.encode())
        found.update(tensors[name].contiguous().numpy().tobytes())
    return found.hexdigest()
