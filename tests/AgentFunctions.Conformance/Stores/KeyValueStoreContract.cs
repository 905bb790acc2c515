using AgentFunctions.Core.Stores;

namespace AgentFunctions.Conformance.Stores;

/// <summary>What every key-value store does, whatever it keeps its values in.</summary>
public abstract class KeyValueStoreContract
{
    private static readonly KeyValuePartition Partition = new("tenant/1", "model");
    private static readonly KeyValueKey Key = new(Partition, "what is 1/2?");
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>An empty store, the same throughout a test.</summary>
    protected abstract IKeyValueStore Store { get; }

    /// <summary>The store's clock.</summary>
    protected abstract TimeProvider Time { get; }

    /// <summary>Lets time pass.</summary>
    protected abstract void Advance(TimeSpan by);

    [ContractFact]
    public async Task Get_WhatWasSet_IsTheValueWithItsEtagAndEnd()
    {
        var expires = Time.GetUtcNow().AddHours(1);
        var etag = await Store.SetAsync(Key, "value"u8.ToArray(), expires, WriteCondition.Always, None);
        var entry = await Store.GetAsync(Key, None);
        Assert.Equal("value"u8.ToArray(), entry!.Value.ToArray());
        Assert.Equal((expires, etag), (entry.Expires, entry.ETag));
    }

    [ContractFact]
    public async Task Get_WithoutAnEnd_StaysForEver()
    {
        await Store.SetAsync(Key, "v"u8.ToArray(), null, WriteCondition.Always, None);
        Advance(TimeSpan.FromDays(400));
        Assert.Equal(0, await Store.SweepAsync(10, None));
        var entry = await Store.GetAsync(Key, None);
        Assert.NotNull(entry);
        Assert.Null(entry.Expires);
    }

    [ContractFact]
    public async Task Get_Unknown_IsNull() => Assert.Null(await Store.GetAsync(Key, None));

    [ContractFact]
    public async Task Get_AtItsEnd_IsNullBeforeAnySweep()
    {
        await SetAsync("k", Time.GetUtcNow().AddSeconds(10));
        Advance(TimeSpan.FromSeconds(9.999));
        Assert.NotNull(await Store.GetAsync(new(Partition, "k"), None));
        Advance(TimeSpan.FromSeconds(0.001));
        Assert.Null(await Store.GetAsync(new(Partition, "k"), None));
        Assert.Equal(1, await Store.SweepAsync(10, None));
    }

    [ContractFact]
    public async Task Get_KeysThatDifferInOneRefusedCharacter_AreApart()
    {
        await Store.SetAsync(new(Partition, "a/b"), "1"u8.ToArray(), null, WriteCondition.Always, None);
        await Store.SetAsync(new(Partition, "a#b"), "2"u8.ToArray(), null, WriteCondition.Always, None);
        await Store.SetAsync(new(new("other", "model"), "a/b"), "3"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.Equal("1"u8.ToArray(), (await Store.GetAsync(new(Partition, "a/b"), None))!.Value.ToArray());
    }

    [ContractFact]
    public async Task Get_TenantAndKindWithTheSameLetters_AreApart()
    {
        KeyValueKey[] keys = [new(new("ab", "c"), "k"), new(new("a", "bc"), "k"), new(new("", "abc"), "k"), new(new("abc", ""), "k"), new(new("ab", ""), "ck")];
        for (var i = 0; i < keys.Length; i++) Assert.NotNull(await Store.SetAsync(keys[i], BitConverter.GetBytes(i), null, WriteCondition.New, None));
        for (var i = 0; i < keys.Length; i++) Assert.Equal(i, BitConverter.ToInt32((await Store.GetAsync(keys[i], None))!.Value.Span));
    }

    [ContractFact]
    public async Task Set_AnyLength_ReadsBack()
    {
        foreach (var length in (int[])[0, 1, 1023, 1024, 65_535, 65_536, 65_537, 1024 * 1024, 3 * 1024 * 1024])
        {
            var value = new byte[length];
            new Random(length).NextBytes(value);
            Assert.NotNull(await Store.SetAsync(Key, value, null, WriteCondition.Always, None));
            var entry = await Store.GetAsync(Key, None);
            Assert.True(entry!.Value.Span.SequenceEqual(value), $"{length} bytes came back as {entry.Value.Length}.");
        }
    }

    [ContractFact]
    public async Task Set_Again_ReplacesTheValueAndItsEndAndItsEtag()
    {
        var first = await Store.SetAsync(Key, "1"u8.ToArray(), Time.GetUtcNow().AddSeconds(1), WriteCondition.Always, None);
        var second = await Store.SetAsync(Key, "1"u8.ToArray(), Time.GetUtcNow().AddSeconds(9), WriteCondition.Always, None);
        Advance(TimeSpan.FromSeconds(5));
        Assert.NotEqual(first, second);
        Assert.Equal(second, (await Store.GetAsync(Key, None))!.ETag);
        Assert.Equal(0, await Store.SweepAsync(10, None));
    }

    [ContractFact]
    public async Task Set_EveryKindOfKey_IsAKeyOfItsOwn()
    {
        var keys = TextSamples.Keys.Distinct(StringComparer.Ordinal).Select(k => new KeyValueKey(Partition, k)).ToList();
        for (var i = 0; i < keys.Count; i++) Assert.NotNull(await Store.SetAsync(keys[i], BitConverter.GetBytes(i), null, WriteCondition.New, None));
        for (var i = 0; i < keys.Count; i++) Assert.Equal(i, BitConverter.ToInt32((await Store.GetAsync(keys[i], None))!.Value.Span));
        Assert.True(await Store.DeleteAsync(keys[0], null, None));
        Assert.Equal(keys.Count - 1, await Store.DeleteManyAsync(keys, None));
        foreach (var key in keys) Assert.Null(await Store.GetAsync(key, None));
    }

    [ContractFact]
    public async Task Set_EveryKindOfPartition_IsAPartitionOfItsOwn()
    {
        var partitions = TextSamples.Keys.Distinct(StringComparer.Ordinal).Select(k => new KeyValuePartition(k, "/")).ToList();
        foreach (var partition in partitions) await Store.SetAsync(new(partition, "k"), default, null, WriteCondition.New, None);
        foreach (var partition in partitions) Assert.Equal(1, await Store.DeletePartitionAsync(partition, None));
        foreach (var partition in partitions) Assert.Null(await Store.GetAsync(new(partition, "k"), None));
    }

    [ContractFact]
    public async Task Set_ManyWritersOfANewKey_OneWins()
    {
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.SetAsync(Key, new[] { (byte)i }, null, WriteCondition.New, None))));
        var won = Assert.Single(writes, w => w is not null);
        var entry = await Store.GetAsync(Key, None);
        Assert.Equal((Array.IndexOf(writes, won), won), (entry!.Value.Span[0], entry.ETag));
    }

    [ContractFact]
    public async Task Set_ManyWritersThatMatchOneEtag_OneWins()
    {
        var etag = await Store.SetAsync(Key, "old"u8.ToArray(), null, WriteCondition.Always, None);
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.SetAsync(Key, new[] { (byte)i }, null, WriteCondition.Match(etag!), None))));
        Assert.Equal(Array.IndexOf(writes, Assert.Single(writes, w => w is not null)), (await Store.GetAsync(Key, None))!.Value.Span[0]);
    }

    [ContractFact]
    public async Task Set_ManyWritersThatReadAndAdd_LoseNoAddition()
    {
        await Store.SetAsync(Key, BitConverter.GetBytes(0), null, WriteCondition.Always, None);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var added = 0; added < 5;)
            {
                var entry = (await Store.GetAsync(Key, None))!;
                var next = BitConverter.GetBytes(BitConverter.ToInt32(entry.Value.Span) + 1);
                added += await Store.SetAsync(Key, next, null, WriteCondition.Match(entry.ETag), None) is null ? 0 : 1;
            }
        }));
        Assert.Equal(20, BitConverter.ToInt32((await Store.GetAsync(Key, None))!.Value.Span));
    }

    [ContractFact]
    public async Task Set_ManyWritersOverAnExpiredValue_OneWins()
    {
        await Store.SetAsync(Key, "old"u8.ToArray(), Time.GetUtcNow(), WriteCondition.Always, None);
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.SetAsync(Key, new[] { (byte)i }, null, WriteCondition.New, None))));
        Assert.Equal(Array.IndexOf(writes, Assert.Single(writes, w => w is not null)), (await Store.GetAsync(Key, None))!.Value.Span[0]);
    }

    [ContractFact]
    public async Task Set_New_IsRefusedWhereThereIsAValueAndTakenWhereItHasExpired()
    {
        var value = "v"u8.ToArray();
        var end = Time.GetUtcNow().AddMinutes(1);
        Assert.NotNull(await Store.SetAsync(Key, value, end, WriteCondition.New, None));
        Assert.Null(await Store.SetAsync(Key, value, end, WriteCondition.New, None));
        Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await Store.SetAsync(Key, "w"u8.ToArray(), null, WriteCondition.New, None));
        Assert.Equal("w"u8.ToArray(), (await Store.GetAsync(Key, None))!.Value.ToArray());
    }

    [ContractFact]
    public async Task Set_Match_IsTakenOnceForAnEtag()
    {
        var first = await Store.SetAsync(Key, "1"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.NotNull(await Store.SetAsync(Key, "2"u8.ToArray(), null, WriteCondition.Match(first!), None));
        Assert.Null(await Store.SetAsync(Key, "3"u8.ToArray(), null, WriteCondition.Match(first!), None));
        Assert.Null(await Store.SetAsync(new(Partition, "other"), "3"u8.ToArray(), null, WriteCondition.Match(first!), None));
        Assert.Equal("2"u8.ToArray(), (await Store.GetAsync(Key, None))!.Value.ToArray());
    }

    [ContractFact]
    public async Task Set_AfterADelete_HasAnEtagOfItsOwn()
    {
        var first = await Store.SetAsync(Key, "1"u8.ToArray(), null, WriteCondition.Always, None);
        await Store.DeleteAsync(Key, null, None);
        Assert.Null(await Store.SetAsync(Key, "2"u8.ToArray(), null, WriteCondition.Match(first!), None));
        Assert.NotEqual(first, await Store.SetAsync(Key, "1"u8.ToArray(), null, WriteCondition.New, None));
    }

    [ContractFact]
    public async Task Delete_WithAnEtag_NeedsThatEtag()
    {
        var etag = await Store.SetAsync(Key, "1"u8.ToArray(), null, WriteCondition.Always, None);
        await Store.SetAsync(Key, "2"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.False(await Store.DeleteAsync(Key, etag, None));
        Assert.NotNull(await Store.GetAsync(Key, None));
        Assert.True(await Store.DeleteAsync(Key, null, None));
        Assert.False(await Store.DeleteAsync(Key, null, None));
        Assert.Null(await Store.GetAsync(Key, None));
    }

    [ContractFact]
    public async Task DeleteMany_SomeUnknownAndSomeTwice_CountsWhatWasThere()
    {
        await SetAsync("a", null);
        await SetAsync("b", null);
        await SetAsync("c", null);
        await Store.SetAsync(new(new("t", "tool"), "c"), default, null, WriteCondition.Always, None);
        Assert.Equal(3, await Store.DeleteManyAsync([new(Partition, "a"), new(Partition, "a"), new(Partition, "b"), new(Partition, "gone"), new(new("t", "tool"), "c")], None));
        Assert.Null(await Store.GetAsync(new(Partition, "a"), None));
        Assert.NotNull(await Store.GetAsync(new(Partition, "c"), None));
        Assert.Equal(0, await Store.DeleteManyAsync([], None));
    }

    [ContractFact]
    public async Task DeletePartition_Many_LeavesOtherPartitionsAndTakesNewValues()
    {
        for (var i = 0; i < 250; i++) await SetAsync($"k{i}", null);
        await Store.SetAsync(new(new("tenant/1", "tool"), "k"), default, null, WriteCondition.Always, None);
        Assert.Equal(250, await Store.DeletePartitionAsync(Partition, None));
        Assert.Equal(0, await Store.DeletePartitionAsync(Partition, None));
        Assert.Null(await Store.GetAsync(new(Partition, "k7"), None));
        Assert.NotNull(await Store.GetAsync(new(new("tenant/1", "tool"), "k"), None));
        await SetAsync("k7", null);
        Assert.NotNull(await Store.GetAsync(new(Partition, "k7"), None));
    }

    [ContractFact]
    public async Task Sweep_ExpiredOverPartitions_RemovesThemUpToTheMost()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.SetAsync(new(new($"t{i}", "model"), "old1"), default, Time.GetUtcNow(), WriteCondition.Always, None);
            await Store.SetAsync(new(new($"t{i}", "model"), "old2"), default, Time.GetUtcNow(), WriteCondition.Always, None);
            await Store.SetAsync(new(new($"t{i}", "model"), "new"), default, Time.GetUtcNow().AddMilliseconds(1), WriteCondition.Always, None);
            await Store.SetAsync(new(new($"t{i}", "model"), "ever"), default, null, WriteCondition.Always, None);
        }

        Assert.Equal(7, await Store.SweepAsync(7, None));
        Assert.Equal(3, await Store.SweepAsync(7, None));
        Assert.Equal(0, await Store.SweepAsync(7, None));
        for (var i = 0; i < 5; i++)
        {
            Assert.NotNull(await Store.GetAsync(new(new($"t{i}", "model"), "new"), None));
            Assert.NotNull(await Store.GetAsync(new(new($"t{i}", "model"), "ever"), None));
        }

        Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(5, await Store.SweepAsync(7, None));
    }

    [ContractFact]
    public async Task Sweep_ShorterLivedValueWrittenAfterASweep_IsFoundByTheNext()
    {
        await SetAsync("long", Time.GetUtcNow().AddHours(1));
        Assert.Equal(0, await Store.SweepAsync(7, None));
        await SetAsync("short", Time.GetUtcNow().AddSeconds(1));
        Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Store.SweepAsync(7, None));
    }

    [ContractFact]
    public async Task Sweep_MostBelowOne_IsRefused() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.SweepAsync(0, None));

    [ContractFact]
    public async Task AnyCall_AlreadyCancelled_DoesNothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.SetAsync(Key, default, null, WriteCondition.Always, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.GetAsync(Key, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteAsync(Key, null, cancelled));
        Assert.Null(await Store.GetAsync(Key, None));
    }

    private Task SetAsync(string key, DateTimeOffset? expires) => Store.SetAsync(new(Partition, key), "v"u8.ToArray(), expires, WriteCondition.Always, None);
}
