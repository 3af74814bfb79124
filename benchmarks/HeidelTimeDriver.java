import de.unihd.dbs.heideltime.standalone.DocumentType;
import de.unihd.dbs.heideltime.standalone.HeidelTimeStandalone;
import de.unihd.dbs.heideltime.standalone.OutputType;
import de.unihd.dbs.heideltime.standalone.POSTagger;
import de.unihd.dbs.heideltime.standalone.components.ResultFormatter;
import de.unihd.dbs.uima.annotator.heideltime.resources.Language;
import de.unihd.dbs.uima.types.heideltime.Timex3;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.List;
import org.apache.uima.cas.FSIterator;
import org.apache.uima.jcas.JCas;

/**
 * Tags many documents in one JVM. Arguments: TYPE (news, narratives) CONFIG FOLDER. FOLDER holds NAME.txt and
 * NAME.dct (a date); NAME.out gets one line for each time expression: begin, end and value, by tabs.
 */
public class HeidelTimeDriver {
    public static void main(String[] arguments) throws Exception {
        DocumentType type = DocumentType.valueOf(arguments[0].toUpperCase());
        HeidelTimeStandalone tagger = new HeidelTimeStandalone(
                Language.ENGLISH, type, OutputType.TIMEML, arguments[1], POSTagger.TREETAGGER);
        List<Path> files = new ArrayList<>();
        try (var found = Files.newDirectoryStream(Path.of(arguments[2]), "*.txt")) {
            found.forEach(files::add);
        }
        for (Path file : files) {
            String stem = file.toString().replaceAll("\\.txt$", "");
            String dct = Files.readString(Path.of(stem + ".dct")).strip();
            String text = Files.readString(file, StandardCharsets.UTF_8);
            String lines;
            try {
                lines = tagger.process(text, new SimpleDateFormat("yyyy-MM-dd").parse(dct), new Lines());
            } catch (RuntimeException error) {
                System.err.println(file + ": " + error);
                lines = "";
            }
            Files.writeString(Path.of(stem + ".out"), lines);
        }
    }

    static class Lines implements ResultFormatter {
        public String format(JCas document) {
            StringBuilder lines = new StringBuilder();
            FSIterator<?> all = document.getAnnotationIndex(Timex3.type).iterator();
            while (all.hasNext()) {
                Timex3 timex = (Timex3) all.next();
                lines.append(timex.getBegin()).append('\t').append(timex.getEnd()).append('\t')
                        .append(timex.getTimexValue()).append('\n');
            }
            return lines.toString();
        }
    }
}
