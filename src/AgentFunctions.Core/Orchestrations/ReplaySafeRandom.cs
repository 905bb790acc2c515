using System.Buffers.Binary;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>
/// Random numbers for orchestrators: the seed comes from <see cref="OrchestrationContext.NewGuid"/>, so a replay draws the same ones.
/// The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014); not for secrets.
/// </summary>
public sealed class ReplaySafeRandom
{
    private ulong state;

    /// <summary>A generator with a given seed.</summary>
    /// <param name="seed">Equal seeds give equal numbers.</param>
    public ReplaySafeRandom(ulong seed) => state = seed;

    /// <summary>A generator of a run's own.</summary>
    /// <param name="context">The run's context; one identifier is taken from it.</param>
    public static ReplaySafeRandom From(OrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Span<byte> seed = stackalloc byte[16];
        context.NewGuid().TryWriteBytes(seed);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(seed) ^ BinaryPrimitives.ReadUInt64LittleEndian(seed[8..]));
    }

    /// <summary>The next number, 0 inclusive to 1 exclusive, evenly spread.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    private ulong NextUInt64()
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
