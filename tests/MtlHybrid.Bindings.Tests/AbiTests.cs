using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MtlHybrid.Bindings.Generator;
using MtlHybrid.Bindings.Generator.Model;
using Xunit;

namespace MtlHybrid.Bindings.Tests;

/// <summary>Sizes, offsets and values: gcc's = libclang's = castxml's = C#'s.</summary>
public sealed class AbiTests
{
    [Fact]
    public void The_c_compiler_sees_the_layout_that_libclang_sees()
    {
        HeaderDeclarations header = Repository.Header();
        using var folder = new TemporaryFolder();
        string source = folder.Write("probe.c", AbiLayout.ProbeProgram(header, Repository.HeaderPath));
        Tool.Run("cc", "-std=c11", "-Wall", "-Werror", "-o", folder.File("probe"), source);

        Assert.Equal(AbiLayout.Describe(header), Lines(Tool.Run(folder.File("probe"))));
    }

    [Fact]
    public void Castxml_sees_the_layout_that_libclang_sees()
    {
        HeaderDeclarations header = Repository.Header();
        using var folder = new TemporaryFolder();
        string xml = folder.File("mtl.xml");
        Tool.Run("castxml", "--castxml-output=1", "-x", "c", "-std=c11", "-DMTL_BINDGEN", "-o", xml, Repository.HeaderPath);

        Assert.Equal(AbiLayout.Describe(header), CastXmlLayout.Describe(xml, "mtl.h"));
    }

    [Fact]
    public void CSharp_sees_the_layout_that_libclang_sees()
    {
        HeaderDeclarations header = Repository.Header();
        var seen = new List<string>();
        foreach (StructDeclaration type in header.Structs)
        {
            Type managed = GeneratedType(type.Name);
            seen.Add($"{type.Name} size {SizeOf(managed)}");
            foreach (FieldInfo field in managed.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                seen.Add($"{type.Name}.{field.Name} {Marshal.OffsetOf(managed, field.Name)} {SizeOf(field.FieldType)}");
        }
        foreach (EnumDeclaration type in header.Enums)
        {
            Type managed = GeneratedType(type.Name);
            seen.Add($"{type.Name} size {SizeOf(managed)}");
            foreach (FieldInfo member in managed.GetFields(BindingFlags.Static | BindingFlags.Public))
                seen.Add($"{type.Name}.{member.Name} {Convert.ToInt64(member.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }

        Assert.Equal(AbiLayout.Describe(header), seen);
    }

    // Needs no tool at all, so that it also runs where the library is only used.
    [Fact]
    public void Sizes_and_offsets_are_those_recorded_at_generation()
    {
        Type[] recorded = typeof(NativeLayout).GetNestedTypes(BindingFlags.NonPublic);
        Assert.NotEmpty(recorded);
        foreach (Type layout in recorded)
        {
            Type managed = GeneratedType(layout.Name);
            foreach (FieldInfo constant in layout.GetFields(BindingFlags.Static | BindingFlags.NonPublic))
            {
                int expected = (int)constant.GetRawConstantValue()!;
                int actual = constant.Name == nameof(NativeLayout.mtl_device_info.SizeInBytes)
                    ? SizeOf(managed)
                    : (int)Marshal.OffsetOf(managed, constant.Name);
                Assert.True(expected == actual, $"{layout.Name}.{constant.Name}: recorded {expected}, C# sees {actual}");
            }
        }
    }

    [Fact]
    public void The_library_exports_every_function_of_the_header()
    {
        LoadedLibrary library = NativeLibraryFixture.RequireLibrary();
        MethodInfo[] functions = [.. typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)];

        Assert.NotEmpty(functions);
        Assert.All(functions, function =>
            Assert.True(NativeLibrary.TryGetExport(library.Handle, function.Name, out _), $"{library.Path} does not export {function.Name}"));
    }

    private static Type GeneratedType(string name) =>
        typeof(NativeMethods).Assembly.GetType($"MtlHybrid.Bindings.{name}", throwOnError: true)!;

    private static int SizeOf(Type type) =>
        type.IsPointer
            ? nint.Size
            : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
