using System.Security.Cryptography;
using StashAI.Queue.Store;

namespace StashAI.Storage.Tests.Contract;

/// <summary>One-time tickets: every process on the database takes them, one of them once, and not for long.</summary>
public abstract class TicketContract(IStoreHost host) : StoreContract(host)
{
    private const int Most = 100;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private static readonly byte[] Hash = SHA256.HashData("a ticket"u8);
    private static readonly byte[] Holder = SHA256.HashData("its key"u8);

    [Fact]
    public async Task A_ticket_is_taken_once_by_any_process()
    {
        var other = await OpenAnotherAsync();
        Assert.True(await Store.Tickets.AddTicketAsync(Hash, Holder, Lifetime, Most, Cancellation));

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? Store : other).Tickets.TakeTicketAsync(Hash, Cancellation)));

        Assert.Equal(Holder, Assert.Single(taken, one => one is not null)!.Holder.ToArray());
        Assert.Null(await other.Tickets.TakeTicketAsync(Hash, Cancellation));
    }

    [Fact]
    public async Task A_ticket_of_nobody_has_no_holder_and_a_made_up_one_is_none()
    {
        await Store.Tickets.AddTicketAsync(Hash, ReadOnlyMemory<byte>.Empty, Lifetime, Most, Cancellation);

        Assert.Null(await Store.Tickets.TakeTicketAsync(Holder, Cancellation));
        Assert.True((await Store.Tickets.TakeTicketAsync(Hash, Cancellation))!.Holder.IsEmpty);
    }

    [Fact]
    public async Task A_ticket_is_good_until_its_time_is_over()
    {
        await Store.Tickets.AddTicketAsync(Hash, Holder, Lifetime, Most, Cancellation);
        await Store.Tickets.AddTicketAsync(Holder, Hash, Lifetime, Most, Cancellation);
        Clock.Advance(Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await Store.Tickets.TakeTicketAsync(Hash, Cancellation));

        Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await Store.Tickets.TakeTicketAsync(Holder, Cancellation));
    }

    [Fact]
    public async Task Only_so_many_are_open_and_those_that_are_too_old_make_room()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await Store.Tickets.AddTicketAsync(SHA256.HashData([(byte)i]), Holder, Lifetime, 3, Cancellation));
        }

        Assert.False(await Store.Tickets.AddTicketAsync(Hash, Holder, Lifetime, 3, Cancellation));
        Assert.True(await Store.Tickets.AddTicketAsync(SHA256.HashData([0]), Holder, Lifetime, 3, Cancellation));
        Clock.Advance(Lifetime);
        Assert.True(await Store.Tickets.AddTicketAsync(Hash, Holder, Lifetime, 3, Cancellation));
    }
}
