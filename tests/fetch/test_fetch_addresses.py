"""Where the guarded client may go: every spelling of a private address is refused before anything is sent."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetch import Client, FetchError
from fetch.addresses import GLOBAL_V6, is_allowed, is_public
from fetch.destination import parse
from fetch.politeness import InMemory

REFUSED_ADDRESSES = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "2a00:1450:4001::5efe:10.0.0.1",
    "2a00:1450:4001::200:5efe:127.0.0.1",
    "3ffe::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fe80::1%25eth0",
    "fec0::1",
    "feff::1",
    "ff02::1",
    "ff0e::1",
    "not an address",
    "",
]
PUBLIC_ADDRESSES = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "128.0.0.1",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "194.199.8.10",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "2001:4860:4860::8888",
    "2001:660:3003::1",
    "2606:4700::1111",
    "2a02:ec80:300:ed1a::1",
]
# What people and attackers write; the system's resolver or our own reading must lead none of them inside.
REFUSED_URLS = [
    "http://127.0.0.1:8080/",
    "http://127.1:8080/",
    "http://127.0.1:8080/",
    "http://2130706433:8080/",
    "http://0x7f000001:8080/",
    "http://0x7f.0.0.1:8080/",
    "http://0177.0.0.1:8080/",
    "http://0177.0.0.01:8080/",
    "http://017700000001:8080/",
    "http://127.0.0.1.:8080/",
    "http://0:8080/",
    "http://0.0.0.0:8080/",
    "http://10.1:8080/",
    "http://192.168.257:8080/",
    "http://0xa9fea9fe/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://①②⑦.⓪.⓪.①:8080/",
    "http://127。0。0。1:8080/",
    "http://１２７.０.０.１:8080/",
    "http://localhost:8080/",
    "http://LOCALHOST:8080/",
    "http://localhost.:8080/",
    "http://[::1]:8080/",
    "http://[::]:8080/",
    "http://[0:0:0:0:0:0:0:1]:8080/",
    "http://[::ffff:127.0.0.1]:8080/",
    "http://[::ffff:7f00:1]:8080/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:8080/",
    "http://[::127.0.0.1]:8080/",
    "http://[64:ff9b::7f00:1]:8080/",
    "http://[2002:7f00:1::]:8080/",
    "http://[fec0::1]:8080/",
    "http://[fd00::1]:8080/",
    "https://[fe80::1]/",
    "http://[ff02::1]:8080/",
]
MALFORMED_URLS = {
    "": "url-malformed",
    "gallica.bnf.fr": "scheme-refused",
    "//gallica.bnf.fr/x": "scheme-refused",
    "ftp://gallica.bnf.fr/x": "scheme-refused",
    "file:///etc/passwd": "scheme-refused",
    "gopher://127.0.0.1:6379/_x": "scheme-refused",
    "javascript:alert(1)": "scheme-refused",
    "data:text/plain,x": "scheme-refused",
    "http://": "url-malformed",
    "http:///path": "url-malformed",
    "http://.": "url-malformed",
    "http://a..b/": "url-malformed",
    "http://-a.example/": "url-malformed",
    "http://a b/": "url-malformed",
    "http://[::1": "url-malformed",
    "http://[fe80::1%25eth0]/": "url-malformed",
    "http://[v1.x]/": "url-malformed",
    "http://[2a00::1]evil.example/": "url-malformed",
    "http://evil.example[2a00::1]/": "url-malformed",
    "http://example.org:0/": "port-refused",
    "http://example.org:22/": "port-refused",
    "http://example.org:25/": "port-refused",
    "http://example.org:99999/": "url-malformed",
    "http://example.org:x/": "url-malformed",
    "http://me@example.org/": "credentials-in-url",
    "http://me:secret@example.org/": "credentials-in-url",
    "http://example.org@127.0.0.1/": "credentials-in-url",
    "http://@example.org/": "credentials-in-url",
    "http://example.org\\@127.0.0.1/": "url-malformed",
    "http://example.org/\r\nHost: evil": "url-malformed",
    "http://exa\tmple.org/": "url-malformed",
    "http://example.org/\x00": "url-malformed",
    "http://127.0.0.1%2f@example.org/": "credentials-in-url",
    "http://exam%70le.org/": "url-malformed",
    "http://example.org℀/": "url-malformed",
    "http://example.org/" + "x" * 8_000: "url-malformed",
    f"http://{'a' * 64}.org/": "url-malformed",
}


def never(*_args: object) -> socket.socket:
    pytest.fail("a connection was attempted")


def client(**replaced: object) -> Client:
    return Client(user_agent="Test", politeness=InMemory(), connect=never, **replaced)  # type: ignore[arg-type]


def test_enough_addresses_are_tried() -> None:
    assert len(REFUSED_ADDRESSES) + len(REFUSED_URLS) >= 100


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_a_reserved_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_nothing_is_public_that_python_calls_private_or_multicast(address: ipaddress.IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert not is_public(address)
    assert is_public(ipaddress.IPv6Address(f"::ffff:{address}")) == is_public(address)


@given(st.ip_addresses(v=6))
def test_only_global_unicast_is_public(address: ipaddress.IPv6Address) -> None:
    if is_public(address) and address.ipv4_mapped is None:
        assert address in GLOBAL_V6
        assert address.is_global


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_every_spelling_of_a_private_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as refusal:
        client().fetch(url, accept="*/*", max_bytes=10, timeout_s=5)
    # A resolver that does not know old spellings says that there is no such name: refused as well.
    assert refusal.value.code in {"address-refused", "name-unknown"}
    assert str(refusal.value)


@pytest.mark.parametrize("address", REFUSED_ADDRESSES[:-2])
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(FetchError) as refusal:
        client(look_up=lambda *_: [address]).fetch(
            "https://iiif.example.org/manifest", accept="*/*", max_bytes=10, timeout_s=5
        )
    assert refusal.value.code == "address-refused"
    assert "iiif.example.org" in str(refusal.value)
    assert "RUBRICATOR_ALLOWED_HOSTS_PRIVATE" in str(refusal.value)


@pytest.mark.parametrize("answer", [["8.8.8.8", "10.0.0.1"], ["2001:db8::1", "8.8.8.8"]])
def test_one_private_address_among_public_ones_refuses_all(answer: list[str]) -> None:
    with pytest.raises(FetchError) as refusal:
        client(look_up=lambda *_: answer).fetch(
            "http://example.org/", accept="*/*", max_bytes=10, timeout_s=5
        )
    assert refusal.value.code == "address-refused"


@pytest.mark.parametrize(("url", "code"), MALFORMED_URLS.items())
def test_a_url_that_is_none_is_refused_in_a_sentence(url: str, code: str) -> None:
    with pytest.raises(FetchError) as refusal:
        parse(url)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("HTTPS://Gallica.BnF.fr", "https://gallica.bnf.fr/"),
        ("https://gallica.bnf.fr:443/a?b=c#d", "https://gallica.bnf.fr/a?b=c"),
        (" https://example.org/a b/é?q=ü&r=%C3%A9 ", "https://example.org/a%20b/%C3%A9?q=%C3%BC&r=%C3%A9"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("http://[2A00:0:0::1]:8182/iiif/2/a%2Fb/info.json", "http://[2a00::1]:8182/iiif/2/a%2Fb/info.json"),
        ("https://api_v1.example.org/x?y", "https://api_v1.example.org/x?y"),
    ],
)
def test_a_url_is_written_in_one_way(written: str, sent: str) -> None:
    destination = parse(written)
    assert destination.url == sent
    assert parse(sent) == destination


@given(st.text(max_size=60))
def test_any_text_is_a_destination_or_a_refusal(text: str) -> None:
    for url in (text, f"http://{text}", f"https://example.org/{text}"):
        try:
            destination = parse(url)
        except FetchError:
            continue
        assert parse(destination.url) == destination
        assert destination.url.isascii()


def test_an_operator_opens_hosts_on_purpose() -> None:
    allowed = ["models.internal", "127.0.0.1:9000", "[::1]:9000", " Vision:80 "]
    assert is_allowed("models.internal", 1234, allowed)
    assert is_allowed("127.0.0.1", 9000, allowed)
    assert is_allowed("::1", 9000, allowed)
    assert is_allowed("vision", 80, allowed)
    assert not is_allowed("127.0.0.1", 9001, allowed)
    assert not is_allowed("::1", 9001, allowed)
    assert not is_allowed("evil.models.internal", 1234, allowed)
    assert not is_allowed("models.internal.evil", 1234, allowed)
    assert not is_allowed("", 80, [])
