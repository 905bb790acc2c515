using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>How large a <see cref="FileKeyValueStore"/> may become. Section <c>Cache:File</c>.</summary>
internal sealed record KeyValueStoreOptions
{
    /// <summary>The configuration's section.</summary>
    public const string Section = "Cache:File";

    private const long LeastSegmentBytes = 4 * 1024;
    private const long MostSegmentBytes = 256L * 1024 * 1024;
    private const int FewestSegments = 4;
    private const long MostMostBytes = 1L << 40;
    private const int MostMostEntries = 20_000_000;

    /// <summary>The most bytes on disk, 4 segments to 1 TiB; when there are more, the oldest values go. A write or two may be over it for a moment. Default: 1 GiB.</summary>
    public long MostBytes { get; init; } = 1L << 30;

    /// <summary>The most values, 1 to 20,000,000; when there are more, the oldest go. Each takes about 90 bytes of memory. Default: 2,000,000.</summary>
    public int MostEntries { get; init; } = 2_000_000;

    /// <summary>The size of a file in bytes from which on a new one is begun, 4 KiB to 256 MiB. Default: 16 MiB.</summary>
    public long SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The largest record: a quarter of <see cref="MostBytes"/>, and at most 1 GiB.</summary>
    internal long MostRecordBytes => Math.Min(MostBytes / 4, Journal.Journal.MaxRecordBytes);

    /// <summary>The most that values without an end may take: half of <see cref="MostBytes"/>, for they are never dropped to make room.</summary>
    internal long MostLastingBytes => MostBytes / 2;

    /// <summary>These settings, where they are valid.</summary>
    /// <exception cref="OptionsValidationException">They are not; the message names each setting, its value and the allowed range.</exception>
    public KeyValueStoreOptions Validated()
    {
        var errors = new List<string>();
        if (SegmentBytes is < LeastSegmentBytes or > MostSegmentBytes)
            errors.Add($"{Section}:{nameof(SegmentBytes)} is {SegmentBytes}. It must be {LeastSegmentBytes} to {MostSegmentBytes}.");
        else if (MostBytes < FewestSegments * SegmentBytes || MostBytes > MostMostBytes)
            errors.Add($"{Section}:{nameof(MostBytes)} is {MostBytes}. With segments of {SegmentBytes} bytes it must be {FewestSegments * SegmentBytes} to {MostMostBytes}.");
        if (MostEntries is < 1 or > MostMostEntries)
            errors.Add($"{Section}:{nameof(MostEntries)} is {MostEntries}. It must be 1 to {MostMostEntries}.");
        return errors.Count > 0 ? throw new OptionsValidationException("", typeof(KeyValueStoreOptions), errors) : this;
    }
}
