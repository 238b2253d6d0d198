"""Field encryption (SM4-GCM), digests (SM3) and blind indexes (HMAC-SM3), by configured keys."""

import base64
import binascii
import hmac as stdlib_hmac
import os
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

SCHEME = "sm4g1"
_KEY_BYTES = 16
_INDEX_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16


class CryptoError(Exception):
    """A key or a ciphertext is unusable; the Chinese message never holds plain text or keys."""


def sm3(data: bytes) -> str:
    """SM3 digest (GB/T 32905-2016) of the bytes, 64 lower-case hex digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def blind_index(text: str, purpose: str) -> str:
    """Keyed digest (HMAC-SM3) by which an encrypted value can be found; 64 hex digits.

    The same text gives unrelated indexes for two purposes. The caller normalises the text first.

    Raises:
        CryptoError: if LIANQI_INDEX_KEY is missing or malformed.
    """
    key = _index_key(getattr(settings, "LIANQI_INDEX_KEY", ""))
    return _hmac_sm3(key, purpose.encode() + b"\0" + text.encode()).hex()


def same_digest(left: str, right: str) -> bool:
    """Compare two digests in constant time."""
    return stdlib_hmac.compare_digest(left.encode(), right.encode())


def encrypt_field(text: str, field: str) -> str:
    """Encrypt one value (SM4-GCM, GB/T 32907-2016) with the first configured key.

    Args:
        text: the value.
        field: name of the field, bound as associated data: the token opens nowhere else.

    Returns:
        ``sm4g1:<key id>:<base64url of nonce, ciphertext and tag>``.

    Raises:
        CryptoError: if LIANQI_FIELD_KEYS is missing or malformed.
    """
    key_id, key = next(iter(_keyring().items()))
    nonce = os.urandom(_NONCE_BYTES)
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(_associated(key_id, field))
    sealed = nonce + cipher.update(text.encode()) + cipher.finalize() + cipher.tag
    return f"{SCHEME}:{key_id}:{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt_field(token: str, field: str) -> str:
    """Open a token made by ``encrypt_field`` with any configured key.

    Raises:
        CryptoError: unknown format or key, altered ciphertext, or another field's token.
    """
    key_id, sealed = _parsed(token)
    key = _keyring().get(key_id)
    if key is None:
        raise CryptoError(
            f"无法解密：没有编号为 {key_id} 的字段密钥，请检查 LIANQI_FIELD_KEYS 是否保留了旧密钥。"
        )
    nonce, tag = sealed[:_NONCE_BYTES], sealed[-_TAG_BYTES:]
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    cipher.authenticate_additional_data(_associated(key_id, field))
    try:
        plain = cipher.update(sealed[_NONCE_BYTES:-_TAG_BYTES]) + cipher.finalize()
    except InvalidTag:
        raise CryptoError("无法解密：密文被改动过，或不属于这个字段。") from None
    return plain.decode()


def needs_reencryption(token: str) -> bool:
    """Whether the token was made with an older key than the first one (key rotation)."""
    key_id, _ = _parsed(token)
    return key_id != next(iter(_keyring()))


def _associated(key_id: str, field: str) -> bytes:
    return f"{SCHEME}:{key_id}:{field}".encode()


def _parsed(token: str) -> tuple[str, bytes]:
    scheme, _, rest = token.partition(":")
    key_id, _, body = rest.partition(":")
    try:
        sealed = base64.b64decode(body, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        sealed = b""
    if scheme != SCHEME or not key_id or len(sealed) < _NONCE_BYTES + _TAG_BYTES:
        raise CryptoError("无法解密：密文格式不对，可能已损坏。")
    return key_id, sealed


def _keyring() -> Mapping[str, bytes]:
    return _parsed_keys(tuple(getattr(settings, "LIANQI_FIELD_KEYS", ())))


@lru_cache(maxsize=8)
def _parsed_keys(texts: tuple[str, ...]) -> Mapping[str, bytes]:
    """Key id to key, in the configured order; the id is a keyed digest and tells nothing."""
    if not texts:
        raise CryptoError(
            "没有配置字段密钥：请设置 LIANQI_FIELD_KEYS（32 位十六进制，第一把用于加密）。"
        )
    keys = [_from_hex(text, _KEY_BYTES, "LIANQI_FIELD_KEYS") for text in texts]
    return {_hmac_sm3(key, b"lianqi key id").hex()[:8]: key for key in keys}


@lru_cache(maxsize=8)
def _index_key(text: str) -> bytes:
    return _from_hex(text, _INDEX_KEY_BYTES, "LIANQI_INDEX_KEY")


def _from_hex(text: str, length: int, setting: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != length:
        raise CryptoError(f"密钥配置有误：{setting} 的每把密钥应为 {length * 2} 位十六进制字符。")
    return key


def _hmac_sm3(key: bytes, message: bytes) -> bytes:
    code = hmac.HMAC(key, hashes.SM3())
    code.update(message)
    return code.finalize()
