"""Field encryption, digests and blind indexes."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.kernel import crypto
from lianqi.kernel.crypto import (
    CryptoError,
    blind_index,
    decrypt_field,
    encrypt_field,
    needs_reencryption,
    sm3,
)

OLD_KEY = "00112233445566778899aabbccddeeff"
NEW_KEY = "ffeeddccbbaa99887766554433221100"
PLAIN = "13800138000"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.LIANQI_FIELD_KEYS = [NEW_KEY, OLD_KEY]
    settings.LIANQI_INDEX_KEY = "5a" * 32


def flipped(token, position):
    head, _, body = token.rpartition(":")
    sealed = bytearray(base64.urlsafe_b64decode(body))
    sealed[position] ^= 1
    return f"{head}:{base64.urlsafe_b64encode(bytes(sealed)).decode()}"


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_digests_of_the_standard(data, digest):
    assert sm3(data) == digest


@given(st.text())
def test_any_text_comes_back_from_encryption(text):
    assert decrypt_field(encrypt_field(text, "note"), "note") == text


def test_a_token_names_scheme_and_key_and_hides_the_text():
    token = encrypt_field(PLAIN, "phone")

    scheme, key_id, body = token.split(":")

    assert (scheme, len(key_id)) == ("sm4g1", 8)
    assert len(base64.urlsafe_b64decode(body)) == 12 + len(PLAIN) + 16
    assert PLAIN.encode() not in base64.urlsafe_b64decode(body)


def test_the_same_text_is_encrypted_differently_each_time():
    assert len({encrypt_field(PLAIN, "phone") for _ in range(50)}) == 50


@pytest.mark.parametrize("position", [0, 11, 12, 22, 23, -1])
def test_a_changed_byte_is_noticed_wherever_it_is(position):
    token = flipped(encrypt_field(PLAIN, "phone"), position)

    with pytest.raises(CryptoError) as caught:
        decrypt_field(token, "phone")

    assert str(caught.value) == "无法解密：密文被改动过，或不属于这个字段。"


def test_a_token_of_one_field_does_not_open_in_another():
    with pytest.raises(CryptoError, match="不属于这个字段"):
        decrypt_field(encrypt_field(PLAIN, "phone"), "id_number")


def test_the_first_key_encrypts_and_older_keys_still_decrypt(settings):
    settings.LIANQI_FIELD_KEYS = [OLD_KEY]
    old_token = encrypt_field(PLAIN, "phone")

    settings.LIANQI_FIELD_KEYS = [NEW_KEY, OLD_KEY]

    assert decrypt_field(old_token, "phone") == PLAIN
    assert [needs_reencryption(old_token), needs_reencryption(encrypt_field(PLAIN, "phone"))] == [
        True,
        False,
    ]


def test_a_token_whose_key_was_dropped_says_which_key_is_missing(settings):
    settings.LIANQI_FIELD_KEYS = [OLD_KEY]
    token = encrypt_field(PLAIN, "phone")
    settings.LIANQI_FIELD_KEYS = [NEW_KEY]

    with pytest.raises(CryptoError) as caught:
        decrypt_field(token, "phone")

    assert str(caught.value) == (
        f"无法解密：没有编号为 {token.split(':')[1]} 的字段密钥，"
        "请检查 LIANQI_FIELD_KEYS 是否保留了旧密钥。"
    )


def test_a_known_key_id_with_another_key_does_not_open():
    token = encrypt_field(PLAIN, "phone")
    other_id = list(crypto._keyring())[1]

    with pytest.raises(CryptoError, match="密文被改动过"):
        decrypt_field(f"sm4g1:{other_id}:{token.split(':')[2]}", "phone")


@pytest.mark.parametrize(
    "token",
    ["", PLAIN, "sm4g1", "sm4g1::", "sm4g1:abcd1234:", "sm4g2:a:" + "A" * 64, "sm4g1:a:漢字",
     "sm4g1:abcd1234:AAAA", "sm4g1:abcd1234:!!!!"],
)  # fmt: skip
def test_malformed_tokens_are_refused_without_quoting_them(token):
    with pytest.raises(CryptoError) as caught:
        decrypt_field(token, "phone")

    assert str(caught.value) == "无法解密：密文格式不对，可能已损坏。"


@pytest.mark.parametrize("keys", [[], ["zz"], ["00" * 15], [NEW_KEY, "00" * 32]])
def test_missing_or_malformed_keys_are_reported_without_showing_them(settings, keys):
    settings.LIANQI_FIELD_KEYS = keys

    with pytest.raises(CryptoError, match="LIANQI_FIELD_KEYS") as caught:
        encrypt_field(PLAIN, "phone")

    assert [key for key in keys if key in str(caught.value)] == []


@pytest.mark.parametrize("key", ["", "zz", "5a" * 16])
def test_a_missing_or_malformed_index_key_is_reported(settings, key):
    settings.LIANQI_INDEX_KEY = key

    with pytest.raises(CryptoError, match="LIANQI_INDEX_KEY 的每把密钥应为 64 位十六进制字符"):
        blind_index(PLAIN, "phone")


def test_a_blind_index_depends_on_text_purpose_and_key(settings):
    first = blind_index(PLAIN, "phone")
    same = blind_index(PLAIN, "phone")
    other_text, other_purpose = blind_index("13800138001", "phone"), blind_index(PLAIN, "id")
    settings.LIANQI_INDEX_KEY = "a5" * 32
    other_key = blind_index(PLAIN, "phone")

    assert (first == same, len(first)) == (True, 64)
    assert len({first, other_text, other_purpose, other_key}) == 4
    assert sm3(PLAIN.encode()) not in {first, other_purpose}


def test_purpose_and_text_cannot_be_shifted_into_each_other():
    assert blind_index("b", "a") != blind_index("", "ab")
