using System.Net;
using System.Net.Sockets;

namespace StashAI.Hosting.Addresses;

/// <summary>Tells what an address is, after IPv4 addresses hidden in IPv6 ones are taken out.</summary>
public static class AddressRanges
{
    /// <summary>The first match decides, so exceptions stand before the range they lie in.</summary>
    private static readonly (IPNetwork Network, AddressKind Kind)[] Ranges =
    [
        Range("168.63.129.16/32", AddressKind.Special), // Azure's wire server
        Range("100.100.100.200/32", AddressKind.Special), // Alibaba's metadata
        Range("0.0.0.0/8", AddressKind.Special),
        Range("10.0.0.0/8", AddressKind.Local),
        Range("100.64.0.0/10", AddressKind.Local), // shared by a provider or an overlay network
        Range("127.0.0.0/8", AddressKind.Local),
        Range("169.254.0.0/16", AddressKind.Special), // link-local, and the metadata of most clouds
        Range("172.16.0.0/12", AddressKind.Local),
        Range("192.0.0.0/24", AddressKind.Special), // holds Oracle's metadata
        Range("192.0.2.0/24", AddressKind.Special),
        Range("192.88.99.0/24", AddressKind.Special),
        Range("192.168.0.0/16", AddressKind.Local),
        Range("198.18.0.0/15", AddressKind.Local),
        Range("198.51.100.0/24", AddressKind.Special),
        Range("203.0.113.0/24", AddressKind.Special),
        Range("224.0.0.0/4", AddressKind.Special),
        Range("240.0.0.0/4", AddressKind.Special),
        Range("::/128", AddressKind.Special),
        Range("::1/128", AddressKind.Local),
        Range("64:ff9b:1::/48", AddressKind.Local), // a network's own NAT64
        Range("100::/64", AddressKind.Special),
        Range("2001::/32", AddressKind.Special), // Teredo
        Range("2001:db8::/32", AddressKind.Special),
        Range("3fff::/20", AddressKind.Special),
        Range("fd00:ec2::/32", AddressKind.Special), // Amazon's metadata
        Range("fd20:ce::254/128", AddressKind.Special), // Google's metadata
        Range("fc00::/7", AddressKind.Local),
        Range("fe80::/10", AddressKind.Special),
        Range("fec0::/10", AddressKind.Local),
        Range("ff00::/8", AddressKind.Special),
    ];

    /// <summary>The kind of the address; for one that holds an IPv4 address, the stricter kind of the two.</summary>
    public static AddressKind Classify(IPAddress address)
    {
        var own = Unmap(address);
        var kind = Find(own);
        return Embedded(own) is { } inner && Find(inner) is var hidden && hidden > kind ? hidden : kind;
    }

    /// <summary>An IPv6 address that only writes an IPv4 one (<c>::ffff:127.0.0.1</c>) as that IPv4 address, without a zone.</summary>
    public static IPAddress Unmap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
    }

    private static AddressKind Find(IPAddress address)
    {
        foreach (var (network, kind) in Ranges)
        {
            if (network.Contains(address))
            {
                return kind;
            }
        }

        return AddressKind.Public;
    }

    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = address.GetAddressBytes();
        if (bytes is [0x20, 0x02, ..])
        {
            return new IPAddress(bytes[2..6]); // 6to4
        }

        var nat64 = bytes is [0x00, 0x64, 0xFF, 0x9B, ..];
        var compatible = bytes[..12].IndexOfAnyExcept((byte)0) < 0 && !address.Equals(IPAddress.IPv6Loopback);
        var isatap = bytes[8..12] is [0x00 or 0x02, 0x00, 0x5E, 0xFE];
        var translated = bytes[..8].IndexOfAnyExcept((byte)0) < 0 && bytes[8..12] is [0xFF, 0xFF, 0x00, 0x00];
        return nat64 || compatible || isatap || translated ? new IPAddress(bytes[12..]) : null;
    }

    private static (IPNetwork Network, AddressKind Kind) Range(string network, AddressKind kind) => (IPNetwork.Parse(network), kind);
}
