//! Which machines may be asked: those of the public internet.
//!
//! A feed is written by others. What it links to or redirects to must not make this program ask
//! the router, the database or the cloud's metadata service beside it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What may be connected to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses alone.
    #[default]
    Public,
    /// Public addresses, and these.
    And(Vec<IpAddr>),
    /// Every address, those of this machine and its network included.
    Anywhere,
}

impl Reach {
    /// Whether an address may be connected to.
    pub fn allows(&self, address: IpAddr) -> bool {
        match self {
            Self::Public => is_public(address),
            Self::And(more) => is_public(address) || more.contains(&address),
            Self::Anywhere => true,
        }
    }
}

/// A name all of whose addresses were refused.
#[derive(Debug, Clone)]
pub(super) struct NotPublic {
    pub(super) host: String,
    pub(super) address: IpAddr,
}

impl std::error::Error for NotPublic {}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is {}, an address that is not public", self.host, self.address)
    }
}

/// Whether an address belongs to a machine on the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// The special blocks of <https://www.iana.org/assignments/iana-ipv4-special-registry>.
fn is_public_v4(v4: Ipv4Addr) -> bool {
    let inside = |a, b, c, d, bits: u32| {
        let mask = u32::MAX << (32 - bits);
        v4.to_bits() & mask == Ipv4Addr::new(a, b, c, d).to_bits() & mask
    };
    let special = inside(0, 0, 0, 0, 8)
        || inside(10, 0, 0, 0, 8)
        || inside(100, 64, 0, 0, 10)
        || inside(127, 0, 0, 0, 8)
        || inside(169, 254, 0, 0, 16)
        || inside(172, 16, 0, 0, 12)
        || inside(192, 0, 0, 0, 24)
        || inside(192, 0, 2, 0, 24)
        || inside(192, 88, 99, 0, 24)
        || inside(192, 168, 0, 0, 16)
        || inside(198, 18, 0, 0, 15)
        || inside(198, 51, 100, 0, 24)
        || inside(203, 0, 113, 0, 24)
        // Multicast, reserved and broadcast.
        || inside(224, 0, 0, 0, 3);
    // Public by its number, but inside Azure it is the machine that hands out secrets.
    let azure = v4 == Ipv4Addr::new(168, 63, 129, 16);
    !special && !azure
}

/// Of IPv6 only what is handed out is public; where it wraps an IPv4 address, that one decides.
fn is_public_v6(v6: Ipv6Addr) -> bool {
    let parts = v6.segments();
    let wrapped = |high: u16, low: u16| {
        is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
    };
    match parts {
        // IPv4-mapped, and NAT64 (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            wrapped(high, low)
        }
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => wrapped(high, low),
        // Teredo, benchmarks and the other special ones of 2001::/23; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_inside_are_not_public_in_any_form() {
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001:0:1::1",
            "2001:db8::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
    }

    #[test]
    fn the_internet_is_public() {
        for outside in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn what_is_named_may_be_reached_and_its_neighbours_may_not() {
        let [here, there] = ["127.0.0.1", "127.0.0.2"].map(|text| text.parse().unwrap());
        assert!(Reach::And(vec![here]).allows(here) && !Reach::And(vec![here]).allows(there));
        assert!(Reach::Anywhere.allows(there) && !Reach::Public.allows(there));
    }
}
