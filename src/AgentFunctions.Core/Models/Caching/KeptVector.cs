using System.Buffers.Binary;

namespace AgentFunctions.Core.Models.Caching;

/// <summary>A text's vector as it is kept.</summary>
/// <param name="Floats">Its numbers, each a 32-bit float (IEEE 754), little-endian: so it comes back bit by bit.</param>
/// <param name="Model">The model, by its own name, where it said so.</param>
internal sealed record KeptVector(byte[] Floats, string? Model = null)
{
    public static KeptVector Of(ReadOnlyMemory<float> vector, string? model)
    {
        var floats = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(floats.AsSpan(i * sizeof(float)), vector.Span[i]);
        return new(floats, model);
    }

    public float[] ToVector()
    {
        var vector = new float[Floats.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++) vector[i] = BinaryPrimitives.ReadSingleLittleEndian(Floats.AsSpan(i * sizeof(float)));
        return vector;
    }
}

/// <summary>What a vector depends on besides its model.</summary>
/// <param name="Text">The text.</param>
/// <param name="Dimensions">How many numbers were asked for; null for the model's own.</param>
internal sealed record EmbeddedText(string Text, int? Dimensions);
