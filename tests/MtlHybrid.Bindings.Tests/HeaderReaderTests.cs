using MtlHybrid.Bindings.Generator;
using MtlHybrid.Bindings.Generator.Model;
using Xunit;

namespace MtlHybrid.Bindings.Tests;

public sealed class HeaderReaderTests
{
    [Fact]
    public void Fixed_width_integers_are_mapped_by_name()
    {
        HeaderDeclarations header = Read(
            """
            #include <stddef.h>
            #include <stdint.h>
            int64_t wide(uint8_t a, int16_t b, uint32_t c, uint64_t d, size_t e, const int64_t* f, char* g, void** h);
            """);

        FunctionDeclaration function = Assert.Single(header.Functions);
        Assert.Equal("long", function.ReturnType);
        Assert.Equal(["byte", "short", "uint", "ulong", "nuint", "long*", "byte*", "void**"], function.Parameters.Select(p => p.Type));
    }

    [Fact]
    public void Comments_before_and_beside_declarations_are_carried_over_and_section_rules_are_not()
    {
        HeaderDeclarations header = Read(
            """
            #include <stdint.h>
            /* How many
             * there are. */
            #define COUNT 3u
            /* ---- section ---- */

            /* A colour. */
            typedef enum colour {
              RED = 0, /* as a rose */
              BLUE = 1
            } colour;
            /* ---- other section ---- */
            void paint(colour c);
            """);

        Assert.Equal(new ConstantDeclaration("COUNT", 3, Unsigned: true, "How many there are."), Assert.Single(header.Constants));
        EnumDeclaration colour = Assert.Single(header.Enums);
        Assert.Equal("A colour.", colour.Comment);
        Assert.Equal([new("RED", 0, "as a rose"), new("BLUE", 1, null)], colour.Members);
        Assert.Null(Assert.Single(header.Functions).Comment);
    }

    [Fact]
    public void A_struct_that_is_never_defined_is_a_handle()
    {
        HeaderDeclarations header = Read("typedef struct box box;\nvoid open(box** out_box);\n");

        Assert.Equal("box", Assert.Single(header.Handles).Name);
        Assert.Empty(header.Structs);
    }

    [Theory]
    [InlineData("long length(void);", "'long'")]
    [InlineData("#include <stdbool.h>\nvoid set(bool on);", "'_Bool'")]
    [InlineData("void log_text(const char* format, ...);", "variable arguments")]
    [InlineData("typedef struct flags { unsigned a : 1; } flags;", "bit-field")]
    [InlineData("typedef struct outer { struct { float x; } inner; } outer;", "nests another type")]
    [InlineData("typedef union both { float f; int i; } both;", "union")]
    [InlineData("void anonymous(float);", "has no name")]
    [InlineData("void broken(unknown x);", "unknown type name 'unknown'")]
    public void What_does_not_cross_the_boundary_is_refused_with_its_place(string header, string expected)
    {
        HeaderFormatException e = Assert.Throws<HeaderFormatException>(() => Read(header));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Matches(@"test\.h:\d+:\d+", e.Message);
    }

    [Fact]
    public void A_missing_header_is_named()
    {
        HeaderFormatException e = Assert.Throws<HeaderFormatException>(() => HeaderReader.Read("/nowhere/mtl.h"));

        Assert.Contains("/nowhere/mtl.h", e.Message, StringComparison.Ordinal);
    }

    private static HeaderDeclarations Read(string text)
    {
        Repository.RequireLibclang();
        using var folder = new TemporaryFolder();
        return HeaderReader.Read(folder.Write("test.h", text));
    }
}
