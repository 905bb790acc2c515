using System.Globalization;
using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>How many branches must succeed before the rest is given up: all, a number, or a fraction. In JSON: <c>"all"</c>, <c>3</c>, <c>0.5</c>. The default value is all.</summary>
[JsonConverter(typeof(QuorumConverter))]
public readonly record struct Quorum
{
    private Quorum(int? count, decimal? fraction) => (Count, Fraction) = (count, fraction);

    /// <summary>Every branch: nothing is given up early.</summary>
    public static Quorum All => default;

    /// <summary>How many, where it is a number.</summary>
    public int? Count { get; }

    /// <summary>Which part of the branches, rounded up, where it is a fraction.</summary>
    public decimal? Fraction { get; }

    /// <summary>Whether it is all.</summary>
    public bool IsAll => Count is null && Fraction is null;

    /// <summary>So many branches.</summary>
    /// <param name="count">How many, 1 to the number of branches.</param>
    public static Quorum AtLeast(int count) => new(count, null);

    /// <summary>Such a part of the branches, rounded up.</summary>
    /// <param name="fraction">Above 0, up to 1.</param>
    public static Quorum Part(decimal fraction) => fraction == 1 ? All : new(null, fraction);

    /// <summary>Whether it fits a fan-out: a number from 1 to <paramref name="total"/>, or a fraction above 0 and up to 1.</summary>
    /// <param name="total">The number of branches.</param>
    public bool Fits(int total) => Count is { } count ? count >= 1 && count <= total : Fraction is not { } fraction || (fraction > 0 && fraction <= 1);

    /// <summary>How many branches must succeed.</summary>
    /// <param name="total">The number of branches.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not fit this many branches.</exception>
    public int Needed(int total)
    {
        if (!Fits(total)) throw new ArgumentOutOfRangeException(nameof(total), total, $"The quorum is {this} of {total} branches. It must be \"all\", a number from 1 to {total}, or a fraction above 0 and up to 1.");
        return Count ?? (Fraction is { } fraction ? (int)Math.Ceiling(fraction * total) : total);
    }

    /// <summary>As in JSON.</summary>
    public override string ToString() => Count?.ToString(CultureInfo.InvariantCulture) ?? Fraction?.ToString(CultureInfo.InvariantCulture) ?? "all";
}
