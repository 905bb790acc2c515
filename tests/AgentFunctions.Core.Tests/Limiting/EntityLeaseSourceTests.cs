using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Testing;

namespace AgentFunctions.Core.Tests.Limiting;

public sealed class EntityLeaseSourceTests
{
    private readonly ManualTime time = new();
    private readonly LimiterHost host;
    private readonly EntityLeaseSource leases;

    public EntityLeaseSourceTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        host = new LimiterHost(time);
        leases = new EntityLeaseSource(() => host.Current!, time);
    }

    [Fact]
    public async Task Lease_Served_IsTheEntitysAnswerAndTwiceTheSame()
    {
        var first = await leases.LeaseAsync("m@h", Request(1), CancellationToken.None);
        var again = await leases.LeaseAsync("m@h", Request(1), CancellationToken.None);
        var second = await leases.LeaseAsync("m@h", Request(2), CancellationToken.None);
        var late = await leases.LeaseAsync("m@h", Request(1), CancellationToken.None);

        Assert.Equal([40, 40, 10, 0], new[] { first, again, second, late }.Select(grant => grant.Count));
    }

    [Fact]
    public async Task Lease_OfAWorkerThatAsksNoMore_ItsNumberIsKeptWithoutItsStarts()
    {
        await leases.LeaseAsync("m@h", Request(7), CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(2));
        await leases.LeaseAsync("m@h", Request(1) with { Worker = "other" }, CancellationToken.None);
        var again = await leases.LeaseAsync("m@h", Request(7), CancellationToken.None);

        var state = host.StateOf(EntityReferences.RateLimiter("m@h"))!;
        Assert.Equal((7, 0), (state.Grants["w"].Lease, state.Grants["w"].Grant.Count));
        Assert.Equal((0, 80), (again.Count, state.Granted));
    }

    [Fact]
    public async Task Lease_NotServed_SaysSoAfterTwentySeconds()
    {
        host.Serves = false;
        var lease = leases.LeaseAsync("m@h", Request(1), CancellationToken.None);
        while (!lease.IsCompleted) time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("'m@h' did not answer within 00:00:20", (await Assert.ThrowsAsync<TimeoutException>(() => lease)).Message, StringComparison.Ordinal);
        Assert.Single(host.Requests);
    }

    private static LeaseRequest Request(long lease) => new() { Worker = "w", Lease = lease, Limits = new RateLimits { RequestsPerMinute = 600 }, Ask = new PermitRequest(40, 0, TimeSpan.Zero) };
}
