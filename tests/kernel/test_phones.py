"""Telephone numbers never leave as plain text except by reveal_plain."""

import copy
import json
import pickle

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models
from django.db.migrations.writer import MigrationWriter
from django.template import Context, Engine

from lianqi.kernel.crypto import CryptoError, blind_index
from lianqi.kernel.phones import (
    UNREADABLE,
    Phone,
    PhoneField,
    PhoneFormField,
    PhoneIndexField,
    phone_index,
)

PLAIN = "13800138000"
MASK = "138****8000"
OTHER = "13800138001"


class Person(models.Model):
    name = models.CharField(max_length=20, default="")
    phone = PhoneField("联系电话", blank=True)
    phone_index = PhoneIndexField("phone", unique=True)

    class Meta:
        app_label = "phone_tests"

    def __str__(self):
        return self.name


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["name", "phone"]


@pytest.fixture(autouse=True)
def keys(settings):
    settings.LIANQI_FIELD_KEYS = ["00112233445566778899aabbccddeeff"]
    settings.LIANQI_INDEX_KEY = "5a" * 32


@pytest.fixture
def people(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(Person)
    yield Person.objects
    with connection.schema_editor() as editor:
        editor.delete_model(Person)


def column_texts():
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM phone_tests_person ORDER BY id")
        return cursor.fetchall()


@pytest.mark.parametrize(
    "shown",
    [
        str,
        repr,
        "{}".format,
        "{!r}".format,
        "{:>11}".format,
        lambda phone: f"{phone}",
        lambda phone: "%s" % phone,  # noqa: UP031 old formatting must not leak either
        lambda phone: phone.mask,
        lambda phone: json.loads(json.dumps(phone, default=str)),
        lambda phone: Engine().from_string("{{ phone }}").render(Context({"phone": phone})),
    ],
)
def test_every_textual_form_is_the_mask(shown):
    assert shown(Phone.of(PLAIN)) == MASK


def test_json_without_a_rule_for_it_fails_rather_than_leaks():
    with pytest.raises(TypeError):
        json.dumps({"phone": Phone.of(PLAIN)}, cls=DjangoJSONEncoder)


@pytest.mark.parametrize(
    "typed", [PLAIN, "138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００"]
)
def test_differently_typed_forms_are_one_number(typed):
    assert (Phone.of(typed) == Phone.of(PLAIN), Phone.of(typed).reveal_plain()) == (True, PLAIN)


def test_two_numbers_differ_and_equal_ones_hash_alike():
    assert Phone.of(PLAIN) != Phone.of(OTHER)
    assert len({Phone.of(PLAIN), Phone.of(PLAIN), Phone.of(OTHER)}) == 2
    assert Phone.of(PLAIN) != PLAIN


@pytest.mark.parametrize("typed", ["", "123", "1380013800", "not a number"])
def test_what_is_no_number_is_refused_in_chinese(typed):
    with pytest.raises(ValueError, match="电话号码不正确"):
        Phone.of(typed)


def test_pickles_and_copies_hold_no_plain_digits():
    phone = Phone.of(PLAIN)

    pickled = pickle.dumps(phone)

    assert PLAIN.encode() not in pickled
    assert [pickle.loads(pickled), copy.deepcopy(phone)] == [phone, phone]  # noqa: S301 our own bytes


def test_a_ciphertext_moved_under_another_index_does_not_open():
    swapped = Phone(Phone.of(OTHER).index, Phone.of(PLAIN).ciphertext)

    with pytest.raises(CryptoError):
        swapped.reveal_plain()

    assert str(swapped) == UNREADABLE


def test_assigning_text_to_a_model_seals_it_at_once():
    person = Person(phone=PLAIN)
    person.phone = "138 0013 8001"

    assert (str(person.phone), OTHER in repr(vars(person))) == ("138****8001", False)


def test_assigning_what_is_no_number_is_a_validation_error():
    with pytest.raises(ValidationError, match="电话号码不正确"):
        Person(phone="12")


def test_the_column_holds_ciphertext_and_the_index_finds_it(people):
    people.create(name="甲", phone=PLAIN)
    people.create(name="乙", phone=OTHER)

    [person] = people.filter(phone_index=blind_index(PLAIN, "phone"))
    [same] = people.filter(phone_index=phone_index("138-0013-8000"))

    assert (person.name, str(person.phone), person.phone.reveal_plain()) == ("甲", MASK, PLAIN)
    assert same == person
    assert [text for row in column_texts() for text in row if PLAIN in text] == []


def change_by_save(person):
    person.phone = OTHER
    person.save()


def change_by_update_fields(person):
    person.phone = OTHER
    person.save(update_fields=["phone"])


def change_by_bulk_update(person):
    person.phone = OTHER
    Person.objects.bulk_update([person], ["phone"])


def change_by_update(person):
    Person.objects.filter(pk=person.pk).update(phone=OTHER)


@pytest.mark.parametrize(
    "change", [change_by_save, change_by_update_fields, change_by_bulk_update, change_by_update]
)
def test_the_index_follows_every_way_of_writing(people, change):
    [person] = people.bulk_create([Person(phone=PLAIN)])
    assert people.filter(phone_index=phone_index(PLAIN)).count() == 1

    change(person)

    found = [people.filter(phone_index=phone_index(number)).count() for number in (PLAIN, OTHER)]
    assert found == [0, 1]
    assert people.get().phone.reveal_plain() == OTHER


def test_empty_numbers_are_none_and_do_not_clash(people):
    people.bulk_create([Person(phone=""), Person(phone=None), Person()])

    assert [person.phone for person in people.all()] == [None, None, None]
    assert column_texts() == [("", None)] * 3


def test_the_database_refuses_the_same_number_twice(people):
    people.create(phone=PLAIN)

    with pytest.raises(IntegrityError):
        people.create(phone="138 0013 8000")


def test_an_expression_may_be_assigned_and_written(people):
    people.create(name="甲", phone=PLAIN)
    people.update(phone=models.F("phone"))

    assert people.get().phone == Phone.of(PLAIN)


def test_searching_the_encrypted_column_tells_the_right_way(people):
    with pytest.raises(FieldError, match=r"请用它的 PhoneIndexField 和 phone_index"):
        people.filter(phone=PLAIN)

    assert people.filter(phone__isnull=True).count() == 0


def test_saving_after_key_rotation_seals_with_the_new_key(people, settings):
    person = people.create(phone=PLAIN)
    settings.LIANQI_FIELD_KEYS = ["ff" * 16, *settings.LIANQI_FIELD_KEYS]

    people.get(pk=person.pk).save()
    settings.LIANQI_FIELD_KEYS = ["ff" * 16]

    assert people.get().phone.reveal_plain() == PLAIN


def test_a_dump_holds_ciphertext_that_a_load_takes_back(people):
    people.bulk_create([Person(phone=PLAIN), Person()])
    field = Person._meta.get_field("phone")

    dumped = serializers.serialize("json", people.all())
    stored = [row["fields"]["phone"] for row in json.loads(dumped)]

    assert PLAIN not in dumped
    assert [field.to_python(text) for text in stored] == [Phone.of(PLAIN), None]
    assert field.to_python(stored[0]).reveal_plain() == PLAIN


def test_both_fields_can_be_written_into_a_migration():
    written = [MigrationWriter.serialize(field)[0] for field in Person._meta.local_fields[2:]]

    assert written == [
        "lianqi.kernel.phones.PhoneField(blank=True, verbose_name='联系电话')",
        "lianqi.kernel.phones.PhoneIndexField('phone', db_index=False, unique=True)",
    ]
    plain_index = PhoneIndexField("phone").clone()
    assert (plain_index.db_index, plain_index.unique, plain_index.source) == (True, False, "phone")


def test_a_form_reads_a_number_and_asks_for_the_telephone_keyboard():
    form = PersonForm({"name": "甲", "phone": "138 0013 8000"})

    assert (form.errors, form.cleaned_data["phone"]) == ({}, Phone.of(PLAIN))
    assert form.fields["phone"].widget_attrs(forms.TextInput()) == {
        "maxlength": "40",
        "inputmode": "tel",
        "autocomplete": "tel",
    }


def test_an_edit_form_shows_the_mask_and_an_untouched_mask_changes_nothing():
    person = Person(name="甲", phone=PLAIN)

    shown = str(PersonForm(instance=person)["phone"])
    posted = PersonForm({"name": "乙", "phone": MASK}, instance=person)

    assert (f'value="{MASK}"' in shown, PLAIN in shown) == (True, False)
    assert (posted.errors, posted.changed_data) == ({}, ["name"])
    assert posted.cleaned_data["phone"].reveal_plain() == PLAIN


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [("", "请填写联系电话"), (MASK, "电话号码不正确"), ("12", "电话号码不正确")],
)
def test_a_form_refuses_nothing_and_foreign_masks_in_chinese(typed, beginning):
    class Required(forms.Form):
        phone = PhoneFormField()

    [message] = Required({"phone": typed}).errors["phone"]

    assert message[: len(beginning)] == beginning


def test_an_optional_number_may_stay_empty():
    class Optional(forms.Form):
        phone = PhoneFormField(required=False)

    form = Optional({"phone": " "})

    assert (form.errors, form.cleaned_data["phone"]) == ({}, None)
